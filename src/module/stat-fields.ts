import type { JsonObject } from '../core/value.ts';
import type { PresentFile } from './attributes.ts';
import { modeText } from './mode.ts';

/** What `stat` and `find` tell of a path alike. */
export function statFields(fact: PresentFile): JsonObject {
  const { mode, type } = fact;
  const bit = (mask: number): boolean => (mode & mask) !== 0;
  return {
    mode: modeText(mode),
    isdir: type === 'directory',
    ischr: type === 'char',
    isblk: type === 'block',
    isreg: type === 'file',
    isfifo: type === 'fifo',
    islnk: type === 'link',
    issock: type === 'socket',
    uid: fact.uid,
    gid: fact.gid,
    pw_name: fact.owner,
    gr_name: fact.group,
    size: fact.size,
    inode: fact.inode,
    dev: fact.device,
    nlink: fact.links,
    atime: fact.atime,
    mtime: fact.mtime,
    ctime: fact.ctime,
    rusr: bit(0o400),
    wusr: bit(0o200),
    xusr: bit(0o100),
    rgrp: bit(0o040),
    wgrp: bit(0o020),
    xgrp: bit(0o010),
    roth: bit(0o004),
    woth: bit(0o002),
    xoth: bit(0o001),
    isuid: bit(0o4000),
    isgid: bit(0o2000),
  };
}
