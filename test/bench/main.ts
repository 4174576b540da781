/**
 * npm run bench -- [--only WORD[,WORD]] [--symbols N] [--days N] [--rounds N] [--json]: ratios of our work against floors of
 * the same run. --symbols, --days and --rounds stand instead of each row's own.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { lineOf, tableOf } from './report.ts';
import { compareNights } from './rows/night.ts';
import { rows } from './rows.ts';
import { runRows } from './run-rows.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    symbols: { type: 'string' },
    days: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const words = values.only?.split(',') ?? rows.map((row) => row.word);
const unknown = words.filter((word) => rows.every((row) => row.word !== word));
if (unknown.length > 0)
  throw new Error(`--only takes ${rows.map((row) => row.word).join(', ')}, not ${unknown.join(', ')}`);

const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopped.abort());
// Whoever read it is gone.
process.stdout.on('error', () => stopped.abort());

const [symbols, days, rounds] = [values.symbols, values.days, values.rounds].map(wholeNumber);
try {
  const measured = await runRows(
    rows.filter((row) => words.includes(row.word)),
    {
      market: { ...(symbols && { symbols }), ...(days && { days }) },
      rounds,
      onMeasured: (each) => say(lineOf(each)),
      onProgress,
      signal: stopped.signal,
    },
  );
  const nights = compareNights(measured);
  if (nights) measured.push(nights);
  say('\nverified: 0 differences\n');
  for (const line of tableOf(measured)) say(line);
  if (values.json) {
    const machine = { node: process.version, cpu: cpus()[0]?.model, cores: availableParallelism() };
    process.stdout.write(`${JSON.stringify({ machine, measured }, undefined, 2)}\n`);
  }
} catch (error) {
  if (!stopped.signal.aborted) throw error;
  process.exitCode = 1;
} finally {
  onProgress('');
}

function say(line: string): void {
  if (values.json) return;
  onProgress('');
  process.stdout.write(`${line}\n`);
}

/** One line on a terminal, which the next one replaces. */
function onProgress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(
      `--symbols, --days and --rounds take whole numbers from 1 up, not ${JSON.stringify(text)}`,
    );
  return value;
}
