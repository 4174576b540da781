-- Adjusted values: splits that undo one another change nothing, and no price becomes 0.

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
