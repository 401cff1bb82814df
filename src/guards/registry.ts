import type { Guard } from '../module/guard.ts';
import api_backends from './api_backends.ts';
import command from './command.ts';
import etcd_quorum from './etcd_quorum.ts';
import nodes_ready from './nodes_ready.ts';
import url from './url.ts';

/** The guards that hlb brings along. */
export const builtinGuards: readonly Guard[] = [api_backends, command, etcd_quorum, nodes_ready, url];
