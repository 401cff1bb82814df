import { labFor, labGone } from './lab.ts';

// `npx jiti test/rig/lab-by-hand.ts NAME [CONTROL_PLANES] [WORKERS] [BALANCERS]` brings a lab up; `… NAME down` removes it.
const [name = 'lab', ...words] = process.argv.slice(2);
const [controlPlanes = 3, workers = 2, balancers = 0] = words.map(Number);
if (words[0] === 'down') await labGone(name);
else process.stdout.write(`${(await labFor(name, { shape: { controlPlanes, workers, balancers } })).inventory}\n`);
