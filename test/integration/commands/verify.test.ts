import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { verify } from '../../../services/cli/commands/verify.ts';
import { captureOutput } from '../../support/capture-output.ts';
import { type CommandBench, day, history, startCommandBench } from './command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await startCommandBench();
});
afterAll(() => bench.drop());
beforeEach(async () => {
  await bench.clear();
  await bench.change({ symbol: 'AAPL', put: history(9) }, { symbol: 'MSFT', put: history(9, 5) });
  await bench.resample();
});

async function run(symbols?: readonly string[]) {
  const { output, text } = captureOutput();
  const code = await verify(bench.db, output, { symbols, signal: new AbortController().signal });
  return { code, text: text() };
}

test('says what it compared', async () => {
  expect(await run()).toEqual({
    code: 0,
    text: '20 bars of 2 symbols recomputed from bronze: 0 differences\n',
  });
});

test('names each value that differs, and ends with 1', async () => {
  await bench.db.query(`update silver_5d set high = 1000 where symbol = 'AAPL' and start_date = $1`, [
    day(0),
  ]);
  await bench.db.query(`delete from silver_8d where symbol = 'AAPL' and start_date = $1`, [day(8)]);
  await bench.db.query(`insert into silver_3d select 'GONE', '2024-01-01', '2024-01-01', 2, 2, 2, 2, 2, 3`);
  const { code, text } = await run();
  expect(code).toBe(1);
  expect(text).toContain(`silver_5d AAPL ${day(0)}: high is 1000 instead of `);
  expect(text).toContain(`silver_8d AAPL ${day(8)}: missing`);
  expect(text).toContain('silver_3d GONE 2024-01-01: stored, but bronze gives no such bar');
  expect(text).toContain(': 3 differences\n');
  expect(text).toContain('`fibbars rebuild` rewrites what differs');
});

test('symbols that are pending are left out and named, beside others that are compared', async () => {
  await bench.change({ symbol: 'MSFT', put: history(10, 5).slice(9) });
  const { code, text } = await run();
  expect(code).toBe(0);
  expect(text).toContain('10 bars of 1 symbol recomputed from bronze: 0 differences\n');
  expect(text).toContain('1 symbol was NOT verified, since some of the bars are not in silver yet: MSFT\n');
  expect(text).toContain('`fibbars resample --pending` works them in now');
});

test('that nothing could be compared is a finding', async () => {
  await bench.change({ symbol: 'MSFT', put: history(10, 5).slice(9) });
  const { code, text } = await run(['MSFT']);
  expect(code).toBe(1);
  expect(text).toContain('0 bars of 0 symbols recomputed');
  expect(text).toContain('NOT verified');
});

test('a symbol of which nothing is stored is a finding', async () => {
  expect(await run(['AAPL', 'aapl'])).toMatchObject({
    code: 1,
    text: expect.stringContaining('Nothing is stored for: aapl') as unknown,
  });
});
