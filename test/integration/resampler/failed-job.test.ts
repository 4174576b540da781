/** What the log of a job says when it fails: which job, and of what. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ingest } from '../../faults/support/histories.ts';
import { createTestDatabase } from '../../support/create-test-database.ts';

const main = fileURLToPath(new URL('../../../services/resampler/main.ts', import.meta.url));

test('a job that fails says why with its id and its correlation', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const [jobId, correlationId] = [randomUUID(), randomUUID()];
  await database.db.query(
    `insert into ops.job (id, name, intervals, through_id, symbols, shards, correlation_id, causation_id)
     values ($1, 'fails', '{5}', 1, '{AAPL}', 1, $2, gen_random_uuid())`,
    [jobId, correlationId],
  );
  await ingest(database, 0);
  // Nobody listens where the job would publish it.
  await database.db.query('update ops.outbox set published_at = now()');
  await database.db.query('alter table silver_5d rename column volume to shares');
  const child = spawn(process.execPath, [main, '--job', jobId, '--intervals', '5'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      FIBBARS_BUS: 'bus',
    },
  });
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect((await exit)[0]).toBe(1);
  const lines = (stdout + stderr)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as object);
  expect(lines.at(-1)).toMatchObject({
    msg: 'resampler failed',
    jobId,
    correlationId,
    err: { message: expect.stringContaining('volume') },
  });
});
