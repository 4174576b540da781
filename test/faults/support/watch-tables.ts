/**
 * What each transaction did to silver, and which events it wrote, noted by triggers: from these it is judged whether every change
 * was told of, and nothing else. Shares nothing with the programs but the tables that they write.
 */
import type { Database } from '../../../services/shared/database.ts';

type Reader = Pick<Database, 'query'>;

export async function watchTables(db: Reader): Promise<void> {
  await db.query(`
    create schema watch;
    create table watch.silver (
      written_by xid8 default pg_current_xact_id(), days int, symbol text collate "C", start_date date);
    create table watch.outbox (written_by xid8 default pg_current_xact_id(), event_id uuid);
    create function watch.note_silver() returns trigger language plpgsql as $$
    begin
      insert into watch.silver (days, symbol, start_date)
      values (tg_argv[0]::int, coalesce(new.symbol, old.symbol), coalesce(new.start_date, old.start_date));
      return null;
    end $$;
    create function watch.note_outbox() returns trigger language plpgsql as $$
    begin
      insert into watch.outbox (event_id) values (new.event_id);
      return null;
    end $$;
    create trigger note after insert on ops.outbox for each row execute function watch.note_outbox();`);
  for (const { days } of await db.query<{ days: number }>('select days from ops.interval')) {
    await db.query(
      `create trigger note after insert or update or delete on public.silver_${days}d
         for each row execute function watch.note_silver(${days})`,
    );
  }
}

/** Changes of silver of which no event of their transaction tells: `days symbol start_date`. */
export async function untoldChanges(db: Reader): Promise<string[]> {
  const rows = await db.query<{ change: string }>(
    `select concat_ws(' ', days, symbol, start_date) as change
       from watch.silver changed
      where not exists (
        select from watch.outbox noted join ops.outbox event using (event_id)
         where noted.written_by = changed.written_by and event.detail_type = 'SilverUpdated'
           and (event.detail -> 'data' ->> 'interval')::int = changed.days
           and event.detail::jsonb -> 'data' -> 'symbols' ? changed.symbol)`,
  );
  return rows.map(({ change }) => change);
}

/** Of each transaction and table, where the events say another number of changed rows than there were. */
export async function miscounts(db: Reader): Promise<object[]> {
  return await db.query(
    `with told as (
       select noted.written_by, (event.detail -> 'data' ->> 'interval')::int as days,
              sum((event.detail -> 'data' ->> 'changedRows')::int) as rows
         from watch.outbox noted join ops.outbox event using (event_id)
        where event.detail_type = 'SilverUpdated'
        group by 1, 2
     ), happened as (
       select written_by, days, count(distinct (symbol, start_date)) as rows from watch.silver group by 1, 2
     )
     select days, told.rows as told, happened.rows as happened
       from told full join happened using (written_by, days)
      where coalesce(told.rows, 0) <> coalesce(happened.rows, 0)`,
  );
}

/**
 * Changes of bronze and splits of which no event tells, and events that tell of none. A replay of the archive has its own event, and
 * splits of symbols without bars concern nobody yet.
 */
export async function unmatchedChanges(db: Reader): Promise<object[]> {
  return await db.query(
    `select change.kind, change.event_id as "changeWithoutEvent", null as "eventWithoutChange"
       from ops.change
      where kind <> 'replay' and (counts ->> 'symbols') is distinct from '0'
        and not exists (select from ops.outbox where event_id = change.event_id)
     union all
     select detail_type, null, event_id
       from ops.outbox
      where detail_type in ('BarsIngested', 'BarsRestated')
        and not exists (
          select from ops.change
           where event_id in (outbox.event_id, (outbox.detail -> 'metadata' ->> 'causationId')::uuid))`,
  );
}

/** State of ops.symbol that is not as bronze says. */
export async function wrongStates(db: Reader): Promise<object[]> {
  return await db.query(
    `select state.symbol, bar_count, first_date, last_date, found.*
       from ops.symbol state
      cross join lateral (
        select count(*)::int as count, min(date) as first, max(date) as last
          from public.raw_ohlcv bar where bar.symbol = state.symbol) found
      where (bar_count, first_date, last_date) is distinct from (found.count, found.first, found.last)`,
  );
}
