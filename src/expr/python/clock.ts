import type { Moment } from '../runtime/value.ts';
import type { Zone } from './strftime.ts';

/** The fields of the clock in UTC. */
export function utcMoment(ms: number): Moment {
  const whole = Math.floor(ms);
  return { kind: 'moment', ms: whole, micros: Math.floor((ms - whole) * 1000) };
}

/** The fields of the clock on the controller's wall. */
export function localMoment(ms: number): Moment {
  return utcMoment(ms + zoneAt(ms).offset * 60_000);
}

/** The controller's time zone at a time. */
export function zoneAt(ms: number): Zone {
  const date = new Date(ms);
  const named = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
    .formatToParts(date)
    .find((part) => part.type === 'timeZoneName');
  return { offset: -date.getTimezoneOffset(), name: named?.value ?? '' };
}
