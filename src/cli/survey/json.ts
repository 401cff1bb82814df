import { placeJson } from '../../core/place-json.ts';
import { type Counted, countReasons } from '../../playbook/survey/reason.ts';
import type { Survey } from '../../playbook/survey/survey.ts';

/** A survey for programs: each part with its verdict and what stands against it, then all reasons with their places. */
export function surveyJson({ units, beside }: Survey): string {
  const described = ({ kind, subject, help, places }: Counted) => ({
    kind,
    subject,
    ...(help === undefined ? {} : { help }),
    count: places.length,
    places: places.map(placeJson),
  });
  const whole = {
    units: units.map(({ kind, path, verdict, reasons }) => ({
      kind,
      path,
      verdict,
      reasons: countReasons(reasons).map(({ kind: of, subject, places }) => ({
        kind: of,
        subject,
        count: places.length,
      })),
    })),
    reasons: countReasons(units.flatMap((unit) => unit.reasons)).map(described),
    beside: countReasons(beside).map(described),
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
