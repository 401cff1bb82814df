import { registry, type Test } from '../define.ts';
import { otherTests } from './other.ts';
import { pathTests } from './path.ts';
import { regexTests } from './regex.ts';
import { resultTests } from './result.ts';
import { valueTests } from './value.ts';

/** Every test that templates can use behind `is`. */
export const tests = registry<Test>([...valueTests, ...resultTests, ...regexTests, ...otherTests, ...pathTests]);
