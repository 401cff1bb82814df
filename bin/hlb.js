#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { loadKept } from './code-cache.js';

// Most runs are over within a second or two: V8 is to optimize what runs for longer.
setFlagsFromString('--interrupt-budget=1000000');

const { main } = loadKept(new URL('../dist/bundle/main.cjs', import.meta.url), process.argv[2]);
await main(process, (url) => import(url));
