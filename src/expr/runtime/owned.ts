import { type Deferred, OMIT } from '../api.ts';
import { dictGet } from './dict.ts';
import { recoverPart, type Settled, settle } from './force.ts';
import { isDict, isLazy, isList, type OwnCopy, or, type Val } from './value.ts';

/** A copy that may be changed in place, so that the values of a host stay what they are. */
export function owned(value: Val): Val {
  if (isList(value)) return value.map(owned);
  if (isDict(value)) return value === OMIT ? value : new Map([...value].map(([key, item]) => [key, owned(item)]));
  if (!isLazy(value)) return value;
  return value.kind === 'copy' ? owned(value.open()) : ownCopy(value);
}

/** Copies of the parts are made when they are asked for, and stay the same ones. */
function ownCopy(original: Deferred): OwnCopy {
  const parts = new Map<string, Val>();
  let opened: Settled | undefined;

  const open = (): Settled => {
    if (opened !== undefined) return opened;
    const shallow = settle(original);
    if (isDict(shallow))
      opened = new Map(
        [...shallow].map(([key, item]) => [
          key,
          or(typeof key === 'string' ? parts.get(key) : undefined, () => owned(item)),
        ]),
      );
    else opened = isList(shallow) ? shallow.map(owned) : shallow;
    return opened;
  };
  return {
    kind: 'copy',
    open,
    part(key) {
      if (opened !== undefined || typeof key !== 'string') {
        const whole = open();
        return isDict(whole) ? dictGet(whole, key) : undefined;
      }
      const made = parts.get(key);
      if (made !== undefined) return made;
      const found = recoverPart(() => original.part(key));
      if (found !== undefined) parts.set(key, owned(found));
      return parts.get(key);
    },
  };
}
