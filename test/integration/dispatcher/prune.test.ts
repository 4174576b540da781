import { afterAll, beforeAll, expect, it } from 'vitest';
import { topology } from '../../../infra/topology.ts';
import { keep, sweep } from '../../../services/dispatcher/sweep.ts';
import { type DispatcherBench, startDispatcherBench } from './dispatcher-bench.ts';

let bench: DispatcherBench;
beforeAll(async () => {
  bench = await startDispatcherBench();
});
afterAll(() => bench.close());

it('keeps keys longer than the archive and the dead-letter queues can bring their events back', () => {
  const deadLetterDays = topology.deadLetterRetentionSeconds / 86_400;
  expect(keep.consumedDays).toBeGreaterThan(topology.archive.retentionDays + deadLetterDays);
});

it('forgets events long published and keys long consumed, and nothing else', async () => {
  await bench.db.query(
    `insert into ops.outbox (event_id, source, detail_type, detail, published_at)
     select gen_random_uuid(), 'test', 'BarsIngested', json_build_object('age', age), now() - make_interval(days => age)
       from unnest($1::int[]) as age`,
    [[0, keep.publishedDays - 1, keep.publishedDays + 1, 400]],
  );
  await bench.db.query(
    `insert into ops.consumed (consumer, key, consumed_at)
     select 'test', age::text, now() - make_interval(days => age) from unnest($1::int[]) as age`,
    [[0, keep.consumedDays - 1, keep.consumedDays + 1]],
  );
  await sweep(bench.deps, { signal: bench.signal });
  expect(await bench.db.query(`select (detail ->> 'age')::int as age from ops.outbox order by 1`)).toEqual([
    { age: 0 },
    { age: keep.publishedDays - 1 },
  ]);
  expect(await bench.db.query('select key from ops.consumed order by key::int')).toEqual([
    { key: '0' },
    { key: `${keep.consumedDays - 1}` },
  ]);
});
