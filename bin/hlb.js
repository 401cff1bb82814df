#!/usr/bin/env node
const { join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { loadKept } = require('./code-cache.js');

// Most runs are over within a second or two: V8 is to optimize what runs for longer.
setFlagsFromString('--interrupt-budget=1000000');

const { main } = loadKept(join(__dirname, '../dist/bundle/main.cjs'), process.argv[2]);
main(process, (url) => import(url));
