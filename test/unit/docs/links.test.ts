import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../../src/core/exit-codes.ts';
import { anchors, isThere, type Page, pages, readPage } from './pages.ts';

function linksOf({ prose }: Page): readonly string[] {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

describe('Pages', () => {
  for (const page of pages) {
    it(`${page.path} links to what is there`, () => {
      const broken = linksOf(page).filter((link) => {
        if (/^https?:/.test(link)) return false;
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page.path : join(dirname(page.path), path);
        if (!isThere(target)) return true;
        return anchor !== undefined && !anchors(readPage(target)).includes(anchor);
      });
      expect(broken).toEqual([]);
    });

    it(`${page.path} is short, in plain American English without contractions`, () => {
      const text = page.prose.replaceAll(/`[^`\n]*`/g, '');
      expect(text.match(/\b\w+(n't|'re|'ll|'ve)\b|\b(it|that|there|what|let)'s\b/gi) ?? []).toEqual([]);
      expect(text.match(/\b(colour|behaviour|neighbour|favour|licence)\w*/gi) ?? []).toEqual([]);
      const sentences = text.split('\n').filter((line) => /[a-z)][.!?] [A-Z]/.test(line) && !line.startsWith('|'));
      expect(
        sentences.filter((line) => !line.startsWith('- ')),
        'one sentence a line',
      ).toEqual([]);
      expect(page.prose.split('\n').length).toBeLessThanOrEqual(120);
    });
  }

  it('every guide is linked from the README', () => {
    const [readme, ...guides] = pages;
    if (readme === undefined) throw new Error('There is no README');
    const links = linksOf(readme);
    expect(guides.map(({ path }) => path).filter((path) => !links.includes(path))).toEqual([]);
  });

  it('every exit code is told where exit codes are', () => {
    for (const path of ['README.md', 'docs/guide/errors.md']) {
      const { prose } = readPage(path);
      const told = [...prose.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
      expect(told, path).toEqual(Object.values(exitCodes).toSorted((a, b) => a - b));
    }
  });
});
