/** The zod that hlb itself uses, for modules beside a playbook: schemas of one zod know the fields of the same. */
export * from 'zod';
