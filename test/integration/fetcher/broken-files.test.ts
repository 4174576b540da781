/** Day files with anything in them, or damaged: none crashes, loses a row, or brings a bar that is none. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { flatFileDays } from '../../../services/fetcher/available-days.ts';
import { type BackfillReport, backfill } from '../../../services/fetcher/backfill.ts';
import { newYorkInstant } from '../../../services/shared/calendar/new-york.ts';
import { sessionsBetween } from '../../../services/shared/calendar/sessions.ts';
import { createLogger } from '../../../services/shared/logger.ts';
import { type BrokenRow, brokenRows, damaged, pick } from '../../support/broken-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/create-test-database.ts';
import { type Random, random } from '../../support/random.ts';
import { expectNothingLost, inputs, readStored, type StoredDay } from './broken-bench.ts';

const header = 'ticker,volume,open,close,high,low,window_start,transactions';
const days = sessionsBetween('2004-01-02', '2026-11-20');
const filesAtOnce = 500;

let database: TestDatabase;
let scratch: string;
beforeAll(async () => {
  database = await createTestDatabase();
  scratch = await mkdtemp(join(tmpdir(), 'fibbars-broken-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
  await database.drop();
});

type Input = { readonly rows: readonly BrokenRow[]; readonly content: Buffer };

function fieldsOf({ symbol, volume, open, close, high, low }: BrokenRow, stamp: string): string[] {
  return [symbol, volume, open, close, high, low, stamp, '7'];
}

function fileOf(next: Random, rows: readonly BrokenRow[], stamp: string): Buffer {
  const newline = pick(next, ['\n', '\r\n']);
  // A blank at the start of a line is nothing to fast-csv, unless it is quoted.
  const quoted = (field: string) => (/[",\r\n]|^ $/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
  const lines = rows.map((row) => fieldsOf(row, stamp).map(quoted).join(','));
  return Buffer.from([header, ...lines, ''].join(newline));
}

const stampOf = (day: string) => String(BigInt(newYorkInstant(day, '00:00').getTime()) * 1_000_000n);

/** Takes files in, many at a time, and hands each with what was stored of it, or how it was refused, to `check`. */
async function takeFiles(
  name: 'csv' | 'csv.gz',
  make: (day: string) => Input,
  check: (input: Input, day: string, found: StoredDay | string) => void,
): Promise<void> {
  for (let from = 0; from < inputs; from += filesAtOnce) {
    const folder = await mkdtemp(join(scratch, 'days-'));
    const made = new Map<string, Input>();
    for (const day of days.slice(0, Math.min(filesAtOnce, inputs - from))) {
      const input = make(day);
      made.set(day, input);
      await writeFile(join(folder, `${day}.${name}`), input.content);
    }
    const report = await run(folder);
    const refused = new Map(report.failed.map(({ tradingDay, error }) => [tradingDay, error]));
    const stored = await readStored(database.db, report);
    expect(stored.size + refused.size).toBe(made.size);
    for (const [day, input] of made) {
      const error = refused.get(day);
      if (error !== undefined) expect(error).toContain(`${join(folder, `${day}.${name}`)}, line `);
      check(input, day, stored.get(day) ?? error ?? '');
    }
    await rm(folder, { recursive: true });
  }
}

async function run(folder: string): Promise<BackfillReport> {
  return await backfill(
    { db: database.db, logger: createLogger('test', 'silent'), publish: () => Promise.resolve() },
    {
      source: 'flatfiles',
      days: await flatFileDays(folder, {}),
      cause: 'backfill',
      signal: new AbortController().signal,
    },
  );
}

const storable = (text: string) => text.replaceAll('\0', String.raw`\0`);

test(`${inputs} files of broken rows lose none, and none of them is refused`, {
  timeout: 600_000,
}, async () => {
  const next = random(1);
  await takeFiles(
    'csv',
    (day) => {
      const rows = brokenRows(next);
      return { rows, content: fileOf(next, rows, stampOf(day)) };
    },
    ({ rows }, day, found) => {
      if (rows.length === 0) expect(found).toContain('there is a header and no row');
      else if (typeof found === 'string') expect.unreachable(found);
      else expectNothingLost(rows, found, (row) => storable(fieldsOf(row, stampOf(day)).join(',')));
    },
  );
});

test(`${inputs} files of text that is damaged are refused by file and line, or every line is a row`, {
  timeout: 600_000,
}, async () => {
  const next = random(2);
  let [refused, taken] = [0, 0];
  await takeFiles(
    'csv',
    (day) => {
      const rows = [...brokenRows(next), ...brokenRows(next)].filter(({ good }) => good);
      return { rows, content: damaged(next, fileOf(next, rows, stampOf(day))) };
    },
    ({ content }, _day, found) => {
      if (typeof found === 'string') refused++;
      else if (!content.includes('"')) {
        taken++;
        const lines = content.toString('latin1').split(/\r\n|\n|\r/);
        const rows = lines.slice(1).filter((line) => line !== '');
        expect(found.bars.length + found.quarantined.length).toBe(rows.length);
      }
    },
  );
  expect(Math.min(refused, taken)).toBeGreaterThan(inputs / 20);
});

test(`${inputs} gzip files that are damaged are refused, or all is in them that was`, {
  timeout: 600_000,
}, async () => {
  const next = random(3);
  let refused = 0;
  await takeFiles(
    'csv.gz',
    (day) => {
      const rows = brokenRows(next);
      return { rows, content: damaged(next, gzipSync(fileOf(next, rows, stampOf(day)))) };
    },
    ({ rows }, day, found) => {
      if (typeof found === 'string') refused++;
      else expectNothingLost(rows, found, (row) => storable(fieldsOf(row, stampOf(day)).join(',')));
    },
  );
  expect(refused).toBeGreaterThan(inputs / 2);
});
