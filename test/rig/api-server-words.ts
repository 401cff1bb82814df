import { z } from 'zod';

/** How an API server answers: 200; 403 as one that has joined by half; 500 as one that starts; never; or it does not run. */
export const Mood = z.enum(['ready', 'half joined', 'starting', 'hangs', 'dead']);
export type Mood = z.infer<typeof Mood>;

/** What the process of the API servers is started with. */
export const Setting = z.strictObject({
  servers: z.array(z.strictObject({ name: z.string(), address: z.string() })),
  certificate: z.string(),
  key: z.string(),
  ticketKeys: z.string(),
});

/** What it is told while it runs; it answers with the same id and how many requests of clients each has got. */
export const Order = z.strictObject({ id: z.int(), moods: z.record(z.string(), Mood) });
export const Done = z.strictObject({ id: z.int(), served: z.record(z.string(), z.int()) });
