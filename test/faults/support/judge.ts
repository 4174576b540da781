import type { Database } from '../../../services/shared/database.ts';
import { silverDifferences } from '../../support/silver-definition.ts';
import { miscounts, unmatchedChanges, untoldChanges, wrongStates } from './watch-tables.ts';

/** An event as the bus had it. */
export type Told = { readonly DetailType: string; readonly Detail: string };

export type Judgement = {
  /** What is not as it has to be, for people; empty: all is. */
  readonly faults: readonly string[];
  /** Rows of silver that were compared. */
  readonly rows: number;
  /** Events that were committed and that the bus never had, or that the dispatcher never heard of. */
  readonly lost: number;
};

type Stored = { readonly id: string; readonly type: string; readonly key: string; readonly detail: string };

/**
 * Judges a world in which everything is drained.
 * @param heard all that the bus ever accepted, in order
 */
export async function judge(db: Pick<Database, 'query'>, heard: readonly Told[]): Promise<Judgement> {
  const faults: string[] = [];
  const expectNone = (what: string, found: readonly unknown[]) => {
    if (found.length > 0)
      faults.push(`${what}: ${JSON.stringify(found.slice(0, 3))}, ${found.length} in all`);
  };
  expectNone('silver differs from a full recompute', await silverDifferences(db));
  expectNone('changes of silver that nobody was told of', await untoldChanges(db));
  expectNone('events that count other rows than changed', await miscounts(db));
  expectNone('changes without their event, or events without their change', await unmatchedChanges(db));
  expectNone('states that are not as bronze says', await wrongStates(db));
  expectNone(
    'what stays pending',
    await db.query(
      `select 'invalidation' as left, symbol as what from ops.invalidation
       union all select 'job', id::text from ops.job where finished_at is null
       union all select 'event', event_id::text from ops.outbox where published_at is null`,
    ),
  );
  const stored = await readOutbox(db);
  expectNone('events told of that are not stored so', unstored(stored, heard));
  const lost = await lostEvents(db, stored, heard);
  expectNone('events lost', lost);
  return { faults, rows: await countSilver(db), lost: lost.length };
}

async function readOutbox(db: Pick<Database, 'query'>): Promise<Stored[]> {
  return await db.query<Stored>(
    `select event_id as id, detail_type as type, detail -> 'metadata' ->> 'idempotencyKey' as key, detail::text as detail
       from ops.outbox`,
  );
}

/** What was told under an id that was not committed, or in other words than were; and two ids for one thing. */
function unstored(stored: readonly Stored[], heard: readonly Told[]): string[] {
  const byId = new Map(stored.map((event) => [event.id, event]));
  const wrong = heard.filter(({ Detail }) => byId.get(idOf(Detail))?.detail !== Detail);
  const keys = new Set<string>();
  const twice = stored.filter(({ key }) => keys.size === keys.add(key).size);
  return [...wrong.map(({ Detail }) => Detail), ...twice.map(({ key }) => `twice ${key}`)];
}

async function lostEvents(
  db: Pick<Database, 'query'>,
  stored: readonly Stored[],
  heard: readonly Told[],
): Promise<string[]> {
  const ids = new Set(heard.map(({ Detail }) => idOf(Detail)));
  const rows = await db.query<{ key: string }>(`select key from ops.consumed where consumer = 'dispatcher'`);
  const consumed = new Set(rows.map(({ key }) => key));
  const isForDispatcher = ({ type }: Stored) => type === 'BarsIngested' || type === 'BarsRestated';
  return stored
    .filter((event) => !ids.has(event.id) || (isForDispatcher(event) && !consumed.has(event.key)))
    .map(({ type, key }) => `${type} ${key}`);
}

export function idOf(detail: string): string {
  return (JSON.parse(detail) as { metadata: { id: string } }).metadata.id;
}

export async function countSilver(db: Pick<Database, 'query'>): Promise<number> {
  const intervals = await db.query<{ days: number }>('select days from ops.interval');
  const counts = intervals.map(({ days }) => `(select count(*) from public.silver_${days}d)`);
  const [row] = await db.query<{ count: number }>(`select (${counts.join(' + ')})::int as count`);
  return row?.count ?? 0;
}
