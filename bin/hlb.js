#!/usr/bin/env node
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { loadKept } = require('./code-cache.js');

// Most runs are over within a second or two, and the optimizing compiler, the only one of Node 20's V8, is to leave alone what
// runs no longer. Later ones have a quick one before it, and other flags.
if (process.version.startsWith('v20.')) setFlagsFromString('--interrupt-budget=1000000');

const { main } = loadKept(join(__dirname, '../dist/bundle/main.cjs'), process.argv[2]);
main(process, (url) => import(url));
