-- What sql/migrations add up to, by pg_dump 15. Written by `npm run schema:dump`: not to be edited.

CREATE SCHEMA ops;

CREATE FUNCTION ops.add_interval(days integer) RETURNS void
    LANGUAGE plpgsql
    AS $_$
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
$_$;

CREATE FUNCTION ops.adjust(value numeric, numerator numeric, denominator numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((value = (0)::numeric) OR (numerator = denominator)) THEN value WHEN ((value > (0)::numeric) AND (numerator <> denominator)) THEN GREATEST(trim_scale((div((((value * numerator) * (200000000)::numeric) + denominator), (denominator * (2)::numeric)) * 0.00000001)), 0.00000001) ELSE NULL::numeric END;

COMMENT ON FUNCTION ops.adjust(value numeric, numerator numeric, denominator numeric) IS 'value × numerator / denominator, rounded once, half up, to 8 decimals, but not to 0; a factor of 1 changes nothing';

CREATE TABLE ops.change (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    kind text NOT NULL,
    cause text NOT NULL,
    source text NOT NULL,
    trading_day date,
    correlation_id uuid NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT change_cause_check CHECK ((cause = ANY (ARRAY['live'::text, 'backfill'::text, 'correction'::text, 'split'::text, 'replay'::text]))),
    CONSTRAINT change_kind_check CHECK ((kind = ANY (ARRAY['ingest'::text, 'delete'::text, 'retention'::text, 'split'::text, 'replay'::text, 'rebuild'::text])))
);

COMMENT ON COLUMN ops.change.event_id IS 'metadata.id of the event that told of it';

ALTER TABLE ops.change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ops.consumed (
    consumer text NOT NULL,
    key text NOT NULL,
    consumed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE ops."interval" (
    days integer NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT interval_days_check CHECK (((days >= 2) AND (days <= 1000)))
);

CREATE TABLE ops.invalidation (
    id bigint NOT NULL,
    symbol text NOT NULL COLLATE pg_catalog."C",
    from_date date NOT NULL,
    through_date date,
    reason text NOT NULL,
    intervals integer[],
    change_id bigint NOT NULL,
    written_by xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT invalidation_check CHECK ((through_date >= from_date)),
    CONSTRAINT invalidation_reason_check CHECK ((reason = ANY (ARRAY['appended'::text, 'corrected'::text, 'inserted'::text, 'deleted'::text, 'retention'::text, 'split'::text, 'replay'::text, 'rebuild'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='20000');

COMMENT ON COLUMN ops.invalidation.through_date IS 'last day whose values changed; null: the count of bars changed, so everything from from_date on';

COMMENT ON COLUMN ops.invalidation.reason IS 'for people: what is rewritten follows from the dates and the state';

COMMENT ON COLUMN ops.invalidation.intervals IS 'the intervals concerned; null: all';

ALTER TABLE ops.invalidation ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.invalidation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ops.job (
    id uuid NOT NULL,
    name text NOT NULL,
    intervals integer[] NOT NULL,
    through_id bigint NOT NULL,
    symbols text[] NOT NULL COLLATE pg_catalog."C",
    shards integer NOT NULL,
    correlation_id uuid NOT NULL,
    causation_id uuid NOT NULL,
    batch_job_id text,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL,
    submitted_at timestamp with time zone,
    started_at timestamp with time zone,
    started_snapshot pg_snapshot,
    finished_shards integer[] DEFAULT '{}'::integer[] NOT NULL,
    finished_at timestamp with time zone,
    outcome text,
    failure text,
    CONSTRAINT job_check CHECK (((finished_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT job_check1 CHECK (((started_at IS NULL) = (started_snapshot IS NULL))),
    CONSTRAINT job_outcome_check CHECK ((outcome = ANY (ARRAY['succeeded'::text, 'failed'::text]))),
    CONSTRAINT job_shards_check CHECK (((shards >= 1) AND (shards <= 10000)))
);

COMMENT ON COLUMN ops.job.through_id IS 'highest id among the invalidations that no live claim covered';

COMMENT ON COLUMN ops.job.started_snapshot IS 'what the job is sure to see: it covers an invalidation whose written_by is visible in it';

CREATE TABLE ops.migration (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE ops.outbox (
    id bigint NOT NULL,
    event_id uuid NOT NULL,
    source text NOT NULL,
    detail_type text NOT NULL,
    detail json NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text
);

ALTER TABLE ops.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ops.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE ops.quarantine (
    source text NOT NULL,
    trading_day date NOT NULL,
    "position" integer NOT NULL,
    reason text NOT NULL,
    symbol text,
    "row" text NOT NULL,
    quarantined_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN ops.quarantine."position" IS 'tells the row from the others of its delivery: in a file its place, 1 is the first after the header; in an answer of Massive, which has no order, a number made of what the row holds';

CREATE TABLE ops.run (
    id uuid NOT NULL,
    job_id uuid,
    symbols text[] NOT NULL COLLATE pg_catalog."C",
    change_ids bigint[] NOT NULL,
    changed_rows integer NOT NULL,
    committed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE ops.setting (
    name text NOT NULL,
    value text NOT NULL
);

COMMENT ON TABLE ops.setting IS 'adjustment: split or none. In the database, since all writers of silver must agree';

CREATE SEQUENCE ops.silver_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE ops.split (
    symbol text NOT NULL COLLATE pg_catalog."C",
    ex_date date NOT NULL,
    split_from numeric NOT NULL,
    split_to numeric NOT NULL,
    source text NOT NULL,
    CONSTRAINT split_split_from_check CHECK (((split_from > (0)::numeric) AND (split_from < 'Infinity'::numeric))),
    CONSTRAINT split_split_to_check CHECK (((split_to > (0)::numeric) AND (split_to < 'Infinity'::numeric)))
);

COMMENT ON TABLE ops.split IS 'split_from old shares become split_to new ones at the open of ex_date';

CREATE TABLE ops.symbol (
    symbol text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL,
    delivered_adjusted boolean DEFAULT false NOT NULL,
    bar_count integer DEFAULT 0 NOT NULL,
    base_ordinal integer DEFAULT 0 NOT NULL,
    retained_from date,
    first_date date,
    last_date date,
    open_start date[],
    CONSTRAINT symbol_bar_count_check CHECK ((bar_count >= 0)),
    CONSTRAINT symbol_base_ordinal_check CHECK ((base_ordinal >= 0)),
    CONSTRAINT symbol_symbol_check CHECK (((symbol ~ '^[A-Za-z0-9][A-Za-z0-9./-]*$'::text) AND (length(symbol) <= 20)))
)
WITH (fillfactor='45');

COMMENT ON COLUMN ops.symbol.bar_count IS 'daily bars in bronze, always exact';

COMMENT ON COLUMN ops.symbol.base_ordinal IS 'ordinal of the first bar kept: retention drops bars, and no group moves';

COMMENT ON COLUMN ops.symbol.retained_from IS 'retention dropped the bars before it, and no such bar is taken in again; null: none was';

COMMENT ON COLUMN ops.symbol.last_date IS 'trading day of the newest bar in bronze, always exact; null without bars';

COMMENT ON COLUMN ops.symbol.open_start IS 'start_date of the newest group of each interval in ops.interval, ascending by days; null when a change in mid-history moved the groups or a backfill appended more than one bar, until the resampler refills it, and when retention dropped the start of one, until the next begins';

CREATE TABLE ops.trading_day (
    source text NOT NULL,
    trading_day date NOT NULL,
    fingerprint text NOT NULL,
    bars integer NOT NULL,
    quarantined integer NOT NULL,
    ingested_at timestamp with time zone DEFAULT now() NOT NULL,
    checked_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN ops.trading_day.fingerprint IS 'of the delivery and of the selection of symbols; the same again is skipped unread';

CREATE TABLE public.raw_ohlcv (
    symbol text NOT NULL COLLATE pg_catalog."C",
    date date NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    volume numeric NOT NULL,
    interval_type text DEFAULT '1d'::text NOT NULL,
    CONSTRAINT raw_ohlcv_interval_type_check CHECK ((interval_type = '1d'::text)),
    CONSTRAINT raw_ohlcv_is_a_bar CHECK (((low > (0)::numeric) AND (low <= open) AND (low <= close) AND (high >= open) AND (high >= close) AND (high < 'Infinity'::numeric) AND (volume >= (0)::numeric) AND (volume < 'Infinity'::numeric)))
);

COMMENT ON TABLE public.raw_ohlcv IS 'Bronze: daily bars of one symbol, as delivered by the source, unadjusted unless ops.symbol.delivered_adjusted';

CREATE TABLE public.silver_13d (
    symbol text NOT NULL COLLATE pg_catalog."C",
    start_date date NOT NULL,
    end_date date NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    volume numeric NOT NULL,
    bar_count integer NOT NULL
)
WITH (fillfactor='90');

COMMENT ON TABLE public.silver_13d IS 'Bars of 13 trading days; the last of a symbol is forming while bar_count < 13';

CREATE TABLE public.silver_21d (
    symbol text NOT NULL COLLATE pg_catalog."C",
    start_date date NOT NULL,
    end_date date NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    volume numeric NOT NULL,
    bar_count integer NOT NULL
)
WITH (fillfactor='90');

COMMENT ON TABLE public.silver_21d IS 'Bars of 21 trading days; the last of a symbol is forming while bar_count < 21';

CREATE TABLE public.silver_34d (
    symbol text NOT NULL COLLATE pg_catalog."C",
    start_date date NOT NULL,
    end_date date NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    volume numeric NOT NULL,
    bar_count integer NOT NULL
)
WITH (fillfactor='90');

COMMENT ON TABLE public.silver_34d IS 'Bars of 34 trading days; the last of a symbol is forming while bar_count < 34';

CREATE TABLE public.silver_3d (
    symbol text NOT NULL COLLATE pg_catalog."C",
    start_date date NOT NULL,
    end_date date NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    volume numeric NOT NULL,
    bar_count integer NOT NULL
)
WITH (fillfactor='90');

COMMENT ON TABLE public.silver_3d IS 'Bars of 3 trading days; the last of a symbol is forming while bar_count < 3';

CREATE TABLE public.silver_5d (
    symbol text NOT NULL COLLATE pg_catalog."C",
    start_date date NOT NULL,
    end_date date NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    volume numeric NOT NULL,
    bar_count integer NOT NULL
)
WITH (fillfactor='90');

COMMENT ON TABLE public.silver_5d IS 'Bars of 5 trading days; the last of a symbol is forming while bar_count < 5';

CREATE TABLE public.silver_8d (
    symbol text NOT NULL COLLATE pg_catalog."C",
    start_date date NOT NULL,
    end_date date NOT NULL,
    open numeric NOT NULL,
    high numeric NOT NULL,
    low numeric NOT NULL,
    close numeric NOT NULL,
    volume numeric NOT NULL,
    bar_count integer NOT NULL
)
WITH (fillfactor='90');

COMMENT ON TABLE public.silver_8d IS 'Bars of 8 trading days; the last of a symbol is forming while bar_count < 8';

ALTER TABLE ONLY ops.change
    ADD CONSTRAINT change_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY ops.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ops.consumed
    ADD CONSTRAINT consumed_pkey PRIMARY KEY (consumer, key);

ALTER TABLE ONLY ops."interval"
    ADD CONSTRAINT interval_pkey PRIMARY KEY (days);

ALTER TABLE ONLY ops.invalidation
    ADD CONSTRAINT invalidation_pkey PRIMARY KEY (symbol, id);

ALTER TABLE ONLY ops.job
    ADD CONSTRAINT job_name_key UNIQUE (name);

ALTER TABLE ONLY ops.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ops.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (version);

ALTER TABLE ONLY ops.outbox
    ADD CONSTRAINT outbox_event_id_key UNIQUE (event_id);

ALTER TABLE ONLY ops.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ops.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (source, trading_day, "position", reason);

ALTER TABLE ONLY ops.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ops.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);

ALTER TABLE ONLY ops.split
    ADD CONSTRAINT split_pkey PRIMARY KEY (symbol, ex_date);

ALTER TABLE ONLY ops.symbol
    ADD CONSTRAINT symbol_pkey PRIMARY KEY (symbol);

ALTER TABLE ONLY ops.trading_day
    ADD CONSTRAINT trading_day_pkey PRIMARY KEY (source, trading_day);

ALTER TABLE ONLY public.raw_ohlcv
    ADD CONSTRAINT raw_ohlcv_pkey PRIMARY KEY (symbol, date);

ALTER TABLE ONLY public.silver_13d
    ADD CONSTRAINT silver_13d_pkey PRIMARY KEY (symbol, start_date);

ALTER TABLE ONLY public.silver_21d
    ADD CONSTRAINT silver_21d_pkey PRIMARY KEY (symbol, start_date);

ALTER TABLE ONLY public.silver_34d
    ADD CONSTRAINT silver_34d_pkey PRIMARY KEY (symbol, start_date);

ALTER TABLE ONLY public.silver_3d
    ADD CONSTRAINT silver_3d_pkey PRIMARY KEY (symbol, start_date);

ALTER TABLE ONLY public.silver_5d
    ADD CONSTRAINT silver_5d_pkey PRIMARY KEY (symbol, start_date);

ALTER TABLE ONLY public.silver_8d
    ADD CONSTRAINT silver_8d_pkey PRIMARY KEY (symbol, start_date);

CREATE INDEX invalidation_written_by ON ops.invalidation USING btree (written_by);

CREATE UNIQUE INDEX job_live_claim ON ops.job USING btree (intervals, through_id) WHERE (finished_at IS NULL);

CREATE INDEX outbox_unpublished ON ops.outbox USING btree (id) WHERE (published_at IS NULL);
