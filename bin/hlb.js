#!/usr/bin/env node
import { loadKept } from './code-cache.js';

const { main } = loadKept(new URL('../dist/bundle/main.cjs', import.meta.url), process.argv[2]);
await main(process, (url) => import(url));
