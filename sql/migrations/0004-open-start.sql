-- What an unknown start of the open groups means since a backfill leaves them to the resampler.
comment on column ops.symbol.open_start is
  'start_date of the newest group of each interval in ops.interval, ascending by days; null when a change in mid-history moved the groups or a backfill appended more than one bar, until the resampler refills it, and when retention dropped the start of one, until the next begins';
