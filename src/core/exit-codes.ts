/** One meaning a code (design §9). */
export const exitCodes = {
  ok: 0,
  internal: 1,
  failed: 2,
  refused: 3,
  unreachable: 4,
  badInput: 5,
  pending: 10,
  interrupted: 130,
} as const;
