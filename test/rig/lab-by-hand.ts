import { labFor } from './lab.ts';

// `npx jiti test/rig/lab-by-hand.ts up NAME [CONTROL_PLANES] [WORKERS] [BALANCERS]` and `… down NAME`, without a build.
const [what, name = 'lab', ...counts] = process.argv.slice(2);
const [controlPlanes = 3, workers = 2, balancers = 0] = counts.map(Number);
const lab = await labFor(name, { shape: { controlPlanes, workers, balancers } });
if (what === 'down') await lab.down();
else process.stdout.write(`${lab.inventory}\n`);
