import type { Output } from '../system.ts';

/** A terminal that is drawn again and again; `leave` gives it back as it was. */
export interface Screen {
  readonly draw: (lines: readonly string[]) => void;
  readonly leave: () => void;
}

const csi = '\u001b[';
/** The other buffer of the terminal, without a cursor and without wrapping lines. */
const enter = `${csi}?1049h${csi}?25l${csi}?7l`;
const restore = `${csi}?7h${csi}?25h${csi}?1049l`;
const home = `${csi}H`;
const toLineEnd = `${csi}K`;
const toScreenEnd = `${csi}J`;

/** Each drawing is one write and overwrites the one before line by line, so that nothing flickers. */
export function createScreen({ write, rows }: Output): Screen {
  write(enter);
  return {
    draw: (lines) => {
      const most = rows?.() ?? lines.length;
      const shown =
        lines.length <= most ? lines : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} lines more`];
      write(`${home}${shown.map((line) => `${line}${toLineEnd}`).join('\r\n')}${toScreenEnd}`);
    },
    leave: () => write(restore),
  };
}
