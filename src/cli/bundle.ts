/**
 * What the bundle shows: the command line, and for modules beside a playbook the very instances that it uses, as schemas
 * of one zod know the fields of the same.
 */
export * as moduleApi from '../module/api.ts';
export * as zod from 'zod';
export { main } from './main.ts';
