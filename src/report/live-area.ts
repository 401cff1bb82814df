import { Listr, ListrDefaultRendererLogLevels, type ListrTaskWrapper } from 'listr2';

/** A few lines at the bottom of the terminal that are drawn again and again. */
export interface LiveArea {
  readonly draw: (lines: readonly string[]) => void;
  /** Takes the lines away, so that text can be written in their place. */
  readonly clear: () => Promise<void>;
}

/**
 * One listr2 task whose title is the whole block: each drawing is one frame, and nothing is drawn in between. listr2
 * keeps everything that others write while it draws until it is cleared.
 */
export function createLiveArea(): LiveArea {
  let block = '';
  let drawn: { readonly finish: () => void; readonly ended: Promise<unknown>; readonly show: () => void } | undefined;

  function start(): NonNullable<typeof drawn> {
    let finish = (): void => {};
    let task: Pick<ListrTaskWrapper<unknown, never, never>, 'title'> | undefined;
    const over = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const list = new Listr(
      [
        {
          title: block,
          task: async (_context, own): Promise<void> => {
            task = own;
            await over;
          },
        },
      ],
      {
        // Signals are the command line's own affair.
        registerSignalListeners: false,
        rendererOptions: {
          clearOutput: true,
          lazy: true,
          formatOutput: 'truncate',
          indentation: 0,
          icon: {
            [ListrDefaultRendererLogLevels.WAITING]: '',
            [ListrDefaultRendererLogLevels.PENDING]: '',
            [ListrDefaultRendererLogLevels.COMPLETED]: '',
          },
        },
      },
    );
    return {
      finish,
      ended: list.run(),
      show: () => {
        if (task !== undefined) task.title = block;
      },
    };
  }

  return {
    draw: (lines) => {
      const next = lines.join('\n');
      if (drawn !== undefined && next === block) return;
      block = next;
      if (drawn === undefined) drawn = start();
      else drawn.show();
    },
    clear: async () => {
      const ending = drawn;
      drawn = undefined;
      ending?.finish();
      await ending?.ended;
    },
  };
}
