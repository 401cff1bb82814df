#!/usr/bin/env node
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { loadKept } = require('./code-cache.js');

// Node 20's V8 has one optimizing compiler, a slow one, which shall begin only with runs that last longer than most do. Later
// ones have a quick one before it, and other flags.
if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=1000000');

const { main } = loadKept(join(__dirname, '../dist/bundle/main.cjs'), process.argv[2]);
main(process, (url) => import(url));
