import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { json } from './params.ts';

const Facts = z.object({ cacheable: z.unknown() }).partial().catchall(json());

/** The variables among the parameters of set_fact. */
export function factsOf(params: unknown): JsonObject {
  const { cacheable: _, ...facts } = Facts.parse(params);
  return facts;
}
