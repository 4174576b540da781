// Written by `npm run generate` from sql/migrations: edit those.
export type Migration = { readonly version: number; readonly name: string; readonly text: string };

export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'tables',
    text: `-- Bronze, silver and the tables between them: state, invalidations, jobs, outbox, quarantine, splits.

create schema ops;

-- Bronze. Prices and volume are kept exactly as delivered, hence numeric without a scale.
create table public.raw_ohlcv (
  symbol text collate "C" not null,
  date date not null,
  open numeric not null,
  high numeric not null,
  low numeric not null,
  close numeric not null,
  volume numeric not null,
  interval_type text not null default '1d' check (interval_type = '1d'),
  primary key (symbol, date),
  -- 'NaN' sorts above 'Infinity' in numeric, so the two upper bounds refuse both.
  constraint raw_ohlcv_is_a_bar check (
    low > 0 and low <= open and low <= close and high >= open and high >= close
    and high < 'Infinity' and volume >= 0 and volume < 'Infinity'
  )
);
comment on table public.raw_ohlcv is 'Bronze: daily bars of one symbol, as delivered by the source, unadjusted unless ops.symbol.delivered_adjusted';

-- One row a symbol: its lock, and what a night needs to know without reading history.
-- Every writer of bronze, splits or silver locks these rows first, in symbol order.
create table ops.symbol (
  symbol text collate "C" primary key check (symbol ~ '^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$'),
  source text not null,
  delivered_adjusted boolean not null default false,
  bar_count integer not null default 0 check (bar_count >= 0),
  base_ordinal integer not null default 0 check (base_ordinal >= 0),
  retained_from date,
  first_date date,
  last_date date,
  open_start date[]
) with (fillfactor = 45);
comment on column ops.symbol.bar_count is 'daily bars in bronze, always exact';
comment on column ops.symbol.base_ordinal is 'ordinal of the first bar kept: retention drops bars, and no group moves';
comment on column ops.symbol.retained_from is 'retention dropped the bars before it, and no such bar is taken in again; null: none was';
comment on column ops.symbol.last_date is 'trading day of the newest bar in bronze, always exact; null without bars';
comment on column ops.symbol.open_start is 'start_date of the newest group of each interval in ops.interval, ascending by days; null when a change in mid-history moved the groups, until the resampler refills it, and when retention dropped the start of one, until the next begins';

create table ops.interval (
  days integer primary key check (days between 2 and 1000),
  added_at timestamptz not null default now()
);

-- Makes silver_<days>d and lists the interval. Here, so that services need no right to create tables.
create function ops.add_interval(days integer) returns void language plpgsql as $$
begin
  execute format(
    'create table public.silver_%1$sd (
       symbol text collate "C" not null,
       start_date date not null,
       end_date date not null,
       open numeric not null,
       high numeric not null,
       low numeric not null,
       close numeric not null,
       volume numeric not null,
       bar_count integer not null,
       primary key (symbol, start_date)
     ) with (fillfactor = 90)', days);
  execute format(
    'comment on table public.silver_%1$sd is ''Bars of %1$s trading days; the last of a symbol is forming while bar_count < %1$s''', days);
  insert into ops.interval (days) values (add_interval.days);
end
$$;

select ops.add_interval(days) from unnest(array[3, 5, 8, 13, 21, 34]) as days;

-- One row a transaction that changed bronze or splits, or asked for a recomputation.
create table ops.change (
  id bigint generated always as identity primary key,
  event_id uuid not null unique,
  kind text not null check (kind in ('ingest', 'delete', 'retention', 'split', 'replay', 'rebuild')),
  cause text not null check (cause in ('live', 'backfill', 'correction', 'split', 'replay')),
  source text not null,
  trading_day date,
  correlation_id uuid not null,
  counts jsonb not null default '{}',
  occurred_at timestamptz not null default now()
);
comment on column ops.change.event_id is 'metadata.id of the event that told of it';

-- What silver does not yet know. Append-only; the resampler deletes what it has worked in.
create table ops.invalidation (
  id bigint generated always as identity,
  symbol text collate "C" not null,
  from_date date not null,
  through_date date check (through_date >= from_date),
  reason text not null check (reason in
    ('appended', 'corrected', 'inserted', 'deleted', 'retention', 'split', 'replay', 'rebuild')),
  intervals integer[],
  change_id bigint not null,
  written_by xid8 not null default pg_current_xact_id(),
  primary key (symbol, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000);
comment on column ops.invalidation.through_date is 'last day whose values changed; null: the count of bars changed, so everything from from_date on';
comment on column ops.invalidation.reason is 'for people: what is rewritten follows from the dates and the state';
comment on column ops.invalidation.intervals is 'the intervals concerned; null: all';

-- A claim reads what was written since the oldest live job started, and nothing else of millions.
create index invalidation_written_by on ops.invalidation (written_by);

-- One row a Batch job, claimed before it is submitted.
create table ops.job (
  id uuid primary key,
  name text not null unique,
  intervals integer[] not null,
  through_id bigint not null,
  symbols text[] collate "C" not null,
  shards integer not null check (shards between 1 and 10000),
  correlation_id uuid not null,
  causation_id uuid not null,
  batch_job_id text,
  claimed_at timestamptz not null default now(),
  submitted_at timestamptz,
  started_at timestamptz,
  started_snapshot pg_snapshot,
  finished_shards integer[] not null default '{}',
  finished_at timestamptz,
  outcome text check (outcome in ('succeeded', 'failed')),
  failure text,
  check ((finished_at is null) = (outcome is null)),
  check ((started_at is null) = (started_snapshot is null))
);
comment on column ops.job.through_id is 'highest id among the invalidations that no live claim covered';
comment on column ops.job.started_snapshot is 'what the job is sure to see: it covers an invalidation whose written_by is visible in it';
create unique index job_live_claim on ops.job (intervals, through_id) where finished_at is null;

-- One row a committed chunk. Settles a commit whose answer was lost, and tells what wrote a bar.
create table ops.run (
  id uuid primary key,
  job_id uuid,
  symbols text[] collate "C" not null,
  change_ids bigint[] not null,
  changed_rows integer not null,
  committed_at timestamptz not null default now()
);

-- SilverUpdated.sequence: drawn while the symbols are locked, so that it rises for any one symbol.
create sequence ops.silver_sequence;

create table ops.outbox (
  id bigint generated always as identity primary key,
  event_id uuid not null unique,
  source text not null,
  detail_type text not null,
  detail json not null,
  written_at timestamptz not null default now(),
  published_at timestamptz,
  attempts integer not null default 0,
  last_error text
);
create index outbox_unpublished on ops.outbox (id) where published_at is null;

create table ops.quarantine (
  source text not null,
  trading_day date not null,
  position integer not null,
  reason text not null,
  symbol text,
  row text not null,
  quarantined_at timestamptz not null default now(),
  primary key (source, trading_day, position, reason)
);
comment on column ops.quarantine.position is 'of the row in its delivery: 1 is the first after the header';

-- Which deliveries were taken in, so that a backfill goes on where it was cut off.
create table ops.trading_day (
  source text not null,
  trading_day date not null,
  fingerprint text not null,
  bars integer not null,
  quarantined integer not null,
  ingested_at timestamptz not null default now(),
  checked_at timestamptz not null default now(),
  primary key (source, trading_day)
);
comment on column ops.trading_day.fingerprint is 'of the delivery and of the selection of symbols; the same again is skipped unread';

create table ops.split (
  symbol text collate "C" not null,
  ex_date date not null,
  split_from numeric not null check (split_from > 0 and split_from < 'Infinity'),
  split_to numeric not null check (split_to > 0 and split_to < 'Infinity'),
  source text not null,
  primary key (symbol, ex_date)
);
comment on table ops.split is 'split_from old shares become split_to new ones at the open of ex_date';

-- The rounding rule of split-adjusted values, which stands here alone: the exact value × numerator / denominator, rounded
-- once, half up, to 8 decimals. div() is exact where / would round before the rounding. Values are not negative.
create function ops.adjust(value numeric, numerator numeric, denominator numeric) returns numeric
  language sql immutable strict parallel safe
  return trim_scale(div(value * numerator * 200000000 + denominator, denominator * 2) * 0.00000001);
comment on function ops.adjust is 'value × numerator / denominator, rounded once, half up, to 8 decimals';

-- What a consumer has handled, by idempotency key; kept longer than the archive.
create table ops.consumed (
  consumer text not null,
  key text not null,
  consumed_at timestamptz not null default now(),
  primary key (consumer, key)
);

create table ops.setting (
  name text primary key,
  value text not null
);
insert into ops.setting (name, value) values ('adjustment', 'split');
comment on table ops.setting is 'adjustment: split or none. In the database, since all writers of silver must agree';
`,
  },
  {
    version: 2,
    name: 'adjusted-values',
    text: `-- Adjusted values: splits that undo one another change nothing, and no price becomes 0.

-- The rounding rule of split-adjusted values, which stands here alone: the exact value × numerator / denominator, rounded
-- once, half up, to 8 decimals. A factor of 1 leaves a value as it is, with all its decimals. What is above 0 stays so: it is
-- at least 0.00000001, since a price of 0 is none. Values are not negative; div() is exact where / would round before the rounding.
-- Not strict, since the planner would then not inline a case.
create or replace function ops.adjust(value numeric, numerator numeric, denominator numeric) returns numeric
  language sql immutable parallel safe
  return case
    when value = 0 or numerator = denominator then value
    when value > 0 and numerator <> denominator then greatest(
      trim_scale(div(value * numerator * 200000000 + denominator, denominator * 2) * 0.00000001), 0.00000001)
  end;
comment on function ops.adjust is
  'value × numerator / denominator, rounded once, half up, to 8 decimals, but not to 0; a factor of 1 changes nothing';

comment on column ops.quarantine.position is
  'tells the row from the others of its delivery: in a file its place, 1 is the first after the header; in an answer of Massive, which has no order, a number made of what the row holds';

-- Silver that was adjusted by the rule before is computed again, by whichever job comes next.
with concerned as (
  select array_agg(distinct symbol) as symbols from ops.split join ops.symbol using (symbol) where not delivered_adjusted
), noted as (
  insert into ops.change (event_id, kind, cause, source, correlation_id, counts)
  select id, 'rebuild', 'correction', 'migration', id, jsonb_build_object('symbols', cardinality(symbols))
    from concerned, gen_random_uuid() as id
   where symbols is not null
  returning id
)
insert into ops.invalidation (symbol, from_date, reason, change_id)
select symbol, '-infinity', 'rebuild', noted.id from noted, concerned, unnest(symbols) as symbol order by symbol collate "C";
`,
  },
  {
    version: 3,
    name: 'symbol-check',
    text: `-- The rule of symbols as before, by a pattern that takes a third of the time: each change of a symbol's state checks it again.
alter table ops.symbol
  drop constraint symbol_symbol_check,
  add constraint symbol_symbol_check check (symbol ~ '^[A-Za-z0-9][A-Za-z0-9./-]*$' and length(symbol) <= 20);
`,
  },
  {
    version: 4,
    name: 'open-start',
    text: `-- What an unknown start of the open groups means since a backfill leaves them to the resampler.
comment on column ops.symbol.open_start is
  'start_date of the newest group of each interval in ops.interval, ascending by days; null when a change in mid-history moved the groups or a backfill appended more than one bar, until the resampler refills it, and when retention dropped the start of one, until the next begins';
`,
  },
];
