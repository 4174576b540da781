import { expect, it } from 'vitest';
import { StartPacer } from '../../../services/local/cloud/batch/start-pacer.ts';

it('lets the first start at once and the others one per interval', () => {
  const pacer = new StartPacer({ burst: 2, everyMs: 3_000 }, 0);
  expect(pacer.take(0)).toBe(0);
  expect(pacer.take(0)).toBe(0);
  expect(pacer.take(0)).toBe(3_000);
  expect(pacer.take(1_000)).toBe(2_000);
  expect(pacer.take(3_000)).toBe(0);
  expect(pacer.take(3_001)).toBeGreaterThan(2_900);
});

it('gives the burst again after a rest, and no more', () => {
  const pacer = new StartPacer({ burst: 2, everyMs: 3_000 }, 0);
  pacer.take(0);
  pacer.take(0);
  expect(pacer.take(60_000)).toBe(0);
  expect(pacer.take(60_000)).toBe(0);
  expect(pacer.take(60_000)).toBe(3_000);
});

it('never holds up without an interval', () => {
  const pacer = new StartPacer({ burst: 1, everyMs: 0 }, 0);
  expect([pacer.take(0), pacer.take(0), pacer.take(0)]).toEqual([0, 0, 0]);
});
