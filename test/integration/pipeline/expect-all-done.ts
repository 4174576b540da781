import { expect } from 'vitest';
import { expectSilverIsRight } from '../../support/silver-definition.ts';
import type { Workspace } from './workspace.ts';

/** Every day in, every event told, nothing pending, and silver right by the definition and by `verify`. */
export async function expectAllDone(
  workspace: Workspace,
  expected: { days: number; bars: number },
): Promise<void> {
  await workspace.look(async (db) => {
    const rows = await db.query(
      `select (select count(*)::int from ops.change where kind = 'ingest') as days,
              (select count(*)::int from public.raw_ohlcv) as bars,
              (select count(*)::int from ops.change
                where kind = 'ingest' and not exists (
                  select from ops.outbox where outbox.event_id = change.event_id and published_at is not null)) as lost,
              (select count(*)::int from ops.outbox where published_at is null) as unpublished,
              (select count(*)::int from ops.invalidation) as invalidations,
              (select count(*)::int from ops.job where finished_at is null) as jobs`,
    );
    expect(rows).toEqual([{ ...expected, lost: 0, unpublished: 0, invalidations: 0, jobs: 0 }]);
    await expectSilverIsRight(db);
  });
  const { code, stdout, stderr } = await workspace.run(['verify', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ differing: 0, pending: [] });
}
