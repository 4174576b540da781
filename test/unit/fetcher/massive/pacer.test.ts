import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacer } from '../../../../services/fetcher/massive/pacer.ts';

test('the calls of a minute go at once, and the next waits until the first is a minute ago', () => {
  const pacer = createPacer(3);
  expect([0, 0, 1_000].map((now) => pacer.book(now))).toEqual([0, 0, 0]);
  expect(pacer.book(2_000)).toBe(58_500);
  expect(pacer.book(2_000)).toBe(58_500);
  expect(pacer.book(2_000)).toBe(59_500);
  expect(pacer.book(2_000)).toBe(119_000);
});

test('after a while nothing waits', () => {
  const pacer = createPacer(1);
  expect(pacer.book(0)).toBe(0);
  expect(pacer.book(200_000)).toBe(0);
});

test('a pause holds every call back, and a shorter one does not end it', () => {
  const pacer = createPacer(5);
  pacer.pauseUntil(30_000);
  pacer.pauseUntil(20_000);
  expect(pacer.book(10_000)).toBe(20_000);
  expect(pacer.book(40_000)).toBe(0);
});

test('no minute has more calls than it may', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat(40_000), { maxLength: 60 }),
      (calls, gaps) => {
        const pacer = createPacer(calls);
        const at: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          at.push(now + pacer.book(now));
        }
        for (let first = 0; first + calls < at.length; first++) {
          expect((at[first + calls] ?? 0) - (at[first] ?? 0)).toBeGreaterThan(60_000);
        }
      },
    ),
  );
});
