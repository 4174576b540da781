import { expect } from 'vitest';
import type { BackfillReport } from '../../../services/fetcher/backfill.ts';
import type { Database } from '../../../services/shared/database.ts';
import { type BrokenRow, hasValuesOf, isBar, type Values } from '../../support/broken-rows.ts';

/** Of each kind. A longer run: FIBBARS_TEST_BROKEN_INPUTS. */
export const inputs = Math.ceil(Number(process.env['FIBBARS_TEST_BROKEN_INPUTS'] ?? 10_000) / 4);

export type StoredDay = {
  readonly bars: readonly (Values & { readonly symbol: string })[];
  readonly quarantined: readonly {
    readonly position: number;
    readonly reason: string;
    readonly row: string;
  }[];
};

/** What is stored, by trading day. Nothing of it breaks the rules, and nothing is there of a day that failed. */
export async function readStored(db: Database, report: BackfillReport): Promise<Map<string, StoredDay>> {
  const bars = await db.query<Values & { day: string; symbol: string }>(
    `select date as day, symbol, open::text, high::text, low::text, close::text, volume::text from raw_ohlcv`,
  );
  const quarantined = await db.query<{ day: string; position: number; reason: string; row: string }>(
    'select trading_day as day, position, reason, row from ops.quarantine',
  );
  const taken = await db.query<{ day: string; bars: number; quarantined: number }>(
    'select trading_day as day, bars, quarantined from ops.trading_day',
  );
  expect(bars.filter((bar) => !isBar(bar))).toEqual([]);
  expect(report).toMatchObject({ complete: true, inserted: bars.length, quarantined: quarantined.length });
  expect(report.received).toBe(bars.length + quarantined.length);
  const stored = new Map<string, StoredDay>();
  const [barsByDay, quarantinedByDay] = [
    Map.groupBy(bars, ({ day }) => day),
    Map.groupBy(quarantined, ({ day }) => day),
  ];
  for (const each of taken) {
    const day = { bars: barsByDay.get(each.day) ?? [], quarantined: quarantinedByDay.get(each.day) ?? [] };
    expect({ ...each, bars: day.bars.length, quarantined: day.quarantined.length }).toEqual(each);
    stored.set(each.day, day);
  }
  const known = new Set([...stored.keys(), ...report.failed.map(({ tradingDay }) => tradingDay)]);
  expect(known.size).toBe(stored.size + report.failed.length);
  expect([...barsByDay.keys(), ...quarantinedByDay.keys()].filter((day) => !stored.has(day))).toEqual([]);
  await db.query(
    'truncate raw_ohlcv, ops.symbol, ops.change, ops.invalidation, ops.outbox, ops.quarantine, ops.trading_day',
  );
  return stored;
}

/** Every row is a bar of the values written, or in quarantine as it was; and a good one is a bar. */
export function expectNothingLost(
  rows: readonly BrokenRow[],
  { bars, quarantined }: StoredDay,
  textOf: (row: BrokenRow) => string,
): void {
  const left = quarantined.map(({ row }) => row);
  for (const row of rows) {
    const at = left.indexOf(textOf(row));
    const bar = bars.find(({ symbol }) => symbol === row.symbol);
    if (at >= 0) left.splice(at, 1);
    else
      expect({ row, isStored: bar !== undefined && hasValuesOf(bar, row) }).toEqual({ row, isStored: true });
    const once = rows.filter(({ symbol }) => symbol === row.symbol).length === 1;
    if (row.good && once) expect({ row, isBar: bar !== undefined }).toEqual({ row, isBar: true });
  }
  expect(left).toEqual([]);
  expect(bars.length + quarantined.length).toBe(rows.length);
}
