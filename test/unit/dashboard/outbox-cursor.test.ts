import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterLook, type OutboxCursor } from '../../../services/dashboard/live/outbox-cursor.ts';

test('without a transaction under way the outbox is known up to its highest id', () => {
  const cursor = afterLook({ low: '0', marks: [] }, { highest: '7', begun: '100', ended: '100' });
  expect(cursor).toEqual({ low: '7', marks: [] });
});

test('a transaction under way holds the bound until it has ended, whatever commits meanwhile', () => {
  let cursor: OutboxCursor = { low: '5', marks: [] };
  // 99 is under way.
  cursor = afterLook(cursor, { highest: '8', begun: '101', ended: '99' });
  cursor = afterLook(cursor, { highest: '12', begun: '105', ended: '99' });
  expect(cursor.low).toBe('5');
  // 99 has ended, 104 is under way: it began before the second look, after the first.
  cursor = afterLook(cursor, { highest: '13', begun: '107', ended: '104' });
  expect(cursor.low).toBe('8');
  cursor = afterLook(cursor, { highest: '13', begun: '107', ended: '107' });
  expect(cursor).toEqual({ low: '13', marks: [] });
});

test('marks stay few while a transaction lasts, and the bound moves on after it', () => {
  let cursor: OutboxCursor = { low: '0', marks: [] };
  for (let at = 1; at <= 500; at++) {
    cursor = afterLook(cursor, { highest: String(at), begun: String(100 + at), ended: '100' });
  }
  expect(cursor.low).toBe('0');
  expect(cursor.marks.length).toBeLessThanOrEqual(60);
  expect(afterLook(cursor, { highest: '501', begun: '700', ended: '700' }).low).toBe('501');
});

type Step = { kind: 'begin' | 'draw' | 'commit' | 'roll back' | 'look'; which: number };

test('no row is lost, however transactions and looks interleave', () => {
  const step = fc.record({
    kind: fc.constantFrom<Step['kind']>('begin', 'draw', 'draw', 'commit', 'roll back', 'look'),
    which: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const outbox = new Simulation();
      for (const each of steps) outbox.take(each);
      outbox.end();
      expect(outbox.told).toEqual(outbox.visible);
    }),
    { numRuns: 2_000 },
  );
});

/** Transactions get an id when they begin to write, and draw ids of rows in the order of time. */
class Simulation {
  readonly told = new Set<number>();
  readonly visible = new Set<number>();
  private cursor: OutboxCursor = { low: '0', marks: [] };
  private nextTransaction = 100;
  private nextRow = 1;
  private readonly open: { id: number; rows: number[] }[] = [];

  take({ kind, which }: Step): void {
    if (kind === 'begin') this.open.push({ id: this.nextTransaction++, rows: [] });
    else if (kind === 'look') this.look();
    else if (this.open.length > 0) {
      const at = which % this.open.length;
      if (kind === 'draw') this.open[at]?.rows.push(this.nextRow++);
      else {
        const [ended] = this.open.splice(at, 1);
        if (kind === 'commit') for (const row of ended?.rows ?? []) this.visible.add(row);
      }
    }
  }

  look(): void {
    for (const row of this.visible) if (row > Number(this.cursor.low)) this.told.add(row);
    this.cursor = afterLook(this.cursor, {
      highest: String(Math.max(0, ...this.visible)),
      begun: String(this.nextTransaction),
      ended: String(Math.min(this.nextTransaction, ...this.open.map(({ id }) => id))),
    });
  }

  end(): void {
    while (this.open.length > 0) this.take({ kind: 'commit', which: 0 });
    this.look();
  }
}
