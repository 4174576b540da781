import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { applyMutant } from '../../mutants/apply-mutant.ts';
import { equivalent, mutants } from '../../mutants/mutants.ts';

const sourceOf = (file: string) =>
  readFileSync(new URL(`../../../services/resampler/${file}`, import.meta.url), 'utf8');
/** @throws if it is no program. */
const parse = (source: string) => transformSync(source, { loader: 'ts' });

describe('the table of mutants', () => {
  it('fits the source: every text stands there once, and what it makes of it is a program', () => {
    const problems = [...mutants, ...equivalent].flatMap((mutant) => {
      const source = sourceOf(mutant.file);
      try {
        parse(applyMutant(source, mutant));
        return mutant.find === mutant.put ? [`${mutant.breaks}: no change`] : [];
      } catch (error) {
        return [`${mutant.breaks}: ${String(error)}`];
      }
    });
    expect(problems).toEqual([]);
  }, 60_000);

  it('has at least 60, none twice', () => {
    const made = [...mutants, ...equivalent].map((mutant) => `${mutant.file} ${mutant.find} ${mutant.put}`);
    expect(mutants.length).toBeGreaterThanOrEqual(60);
    expect(new Set(made).size).toBe(made.length);
  });

  it.each([
    ['missing', 0],
    ['x', 2],
  ])('refuses the text %j, which stands there %i times', (find, times) => {
    const mutant = { file: 'fold.ts', find, put: '', breaks: 'nothing' };
    expect(() => applyMutant('x and x', mutant)).toThrow(`stands ${times} times`);
  });
});
