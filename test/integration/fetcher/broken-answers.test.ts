/** Answers of the API with anything in them, or damaged: none crashes, loses a record, or brings a bar that is none. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backfill } from '../../../services/fetcher/backfill.ts';
import { groupedDays } from '../../../services/fetcher/massive/grouped-days.ts';
import { createMassiveClient } from '../../../services/fetcher/massive/massive-client.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { createLogger } from '../../../services/shared/logger.ts';
import { type BrokenRow, brokenRows, damaged, pick } from '../../support/broken-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { type Random, random } from '../../support/random.ts';
import { groupedDay, type ScriptedMassive, startScriptedMassive } from '../../support/scripted-massive.ts';
import { expectNothingLost, inputs, readStored, type StoredDay } from './broken-bench.ts';

const days = sessionsBetween('2004-01-02', '2026-11-20');
const answersAtOnce = 500;
const once = { tries: 1, baseMs: 1, maxMs: 1 };

let database: TestDatabase;
let massive: ScriptedMassive;
beforeAll(async () => {
  database = await createTestDatabase();
  massive = await startScriptedMassive();
});
afterAll(async () => {
  await massive.close();
  await database.drop();
});

type Input = { readonly records: readonly Written[]; readonly answer: string };
/** A record as it is written, and the row that it is. */
type Written = { readonly text: string; readonly row: BrokenRow };

/** Of a record that is no row: no bar has these values, so it is in quarantine or lost. */
const none = { open: '0', high: '0', low: '0', close: '0', volume: '0', good: false };

/** As numbers where they are, as strings where not; and now and then something else altogether. */
function recordOf(next: Random, row: BrokenRow): Written {
  const isNumber = (value: string) => /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(value);
  const literal = (value: string) => (isNumber(value) && next(8) > 0 ? value : JSON.stringify(value));
  const { symbol, open, high, low, close, volume } = row;
  const fields = [
    `"T":${JSON.stringify(symbol)}`,
    `"o":${literal(open)}`,
    `"h":${literal(high)}`,
    `"l":${literal(low)}`,
    `"c":${literal(close)}`,
    `"v":${literal(volume)}`,
    `"t":${next(2) === 0 ? '1549054800000' : 'null'}`,
  ];
  if (row.good) return { text: `{${fields.join(',')}}`, row };
  const kind = next(6);
  if (kind === 0)
    return {
      text: pick(next, ['null', '1e999', '[]', '"x"', 'true', '{}', '[[1]]']),
      row: { ...none, symbol: '' },
    };
  if (kind === 1) {
    const at = next(6);
    const name = fields[at]?.slice(0, 4) ?? '';
    const other = pick(next, ['null', 'true', '{}', '[1]', '{"rawJSON":"1"}', '[]', '"\\ud800"']);
    return {
      text: `{${fields.with(at, `${name}${other}`).join(',')}}`,
      row: { ...none, symbol: at === 0 ? '' : symbol },
    };
  }
  return { text: `{${fields.join(',')}}`, row };
}

function answerOf(next: Random, records: readonly Written[]): string {
  const results = `[${records.map(({ text }) => text).join(',')}]`;
  const count = pick(next, ['', `"resultsCount":${records.length},`, `"queryCount":${records.length},`]);
  return `{"status":"${pick(next, ['OK', 'DELAYED'])}",${count}"adjusted":false,"results":${results}}`;
}

/** Asks for answers, many at a time, and hands each with what was stored of it, or how it was refused, to `check`. */
async function takeAnswers(
  make: () => Input,
  check: (input: Input, found: StoredDay | string) => void,
): Promise<void> {
  const logger = createLogger('test', 'silent');
  const config = { baseUrl: massive.baseUrl, apiKey: 'hush-hush', callsPerMinute: 1_000_000 };
  const client = createMassiveClient(config, logger, {
    idleMs: 20_000,
    totalMs: 20_000,
    failed: once,
    turnedAway: once,
    longestWaitMs: 1,
  });
  const clock = () => new Date('2026-11-24T12:00:00Z');
  for (let from = 0; from < inputs; from += answersAtOnce) {
    const some = days.slice(0, Math.min(answersAtOnce, inputs - from));
    const made = new Map(some.map((day) => [day, make()]));
    massive.script((request) => ({ body: made.get(groupedDay(request) ?? '')?.answer ?? '' }));
    const report = await backfill(
      { db: database.db, logger, publish: () => Promise.resolve() },
      {
        source: 'massive',
        days: groupedDays({ client, clock, logger }, some, {}),
        cause: 'backfill',
        signal: new AbortController().signal,
      },
    );
    const refused = new Map(report.failed.map(({ tradingDay, error }) => [tradingDay, error]));
    const stored = await readStored(database.db, report);
    expect(stored.size + refused.size).toBe(made.size);
    for (const [day, input] of made) {
      const error = refused.get(day);
      if (error !== undefined)
        expect(error).toContain(`${massive.baseUrl}/v2/aggs/grouped/locale/us/market/stocks/${day}`);
      check(input, stored.get(day) ?? error ?? '');
    }
  }
}

test(`${inputs} answers, some of them damaged, lose no record, or are refused by address`, {
  timeout: 600_000,
}, async () => {
  const next = random(4);
  let refused = 0;
  await takeAnswers(
    () => {
      const records = brokenRows(next).map((row) => recordOf(next, row));
      const whole = answerOf(next, records);
      if (next(2) === 0) return { records, answer: whole };
      return { records: [], answer: damaged(next, Buffer.from(whole)).toString('latin1') };
    },
    ({ records, answer }, found) => {
      const isWhole = records.length > 0;
      if (typeof found === 'string') {
        refused++;
        expect({ answer, isWhole }).toEqual({ answer, isWhole: false });
        return;
      }
      if (!isWhole) return;
      const texts = new Map(records.map(({ text, row }) => [row, text]));
      expectNothingLost([...texts.keys()], found, (row) => texts.get(row) ?? '');
    },
  );
  expect(refused).toBeGreaterThan(inputs / 10);
});
