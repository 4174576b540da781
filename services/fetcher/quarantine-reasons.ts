/** Every reason for which a delivered row does not become a bar, and what it means. A row has one: the first that holds. */
export const quarantineReasons = {
  bad_symbol: 'the symbol is not 1 to 20 of A-Z a-z 0-9 . / - starting with a letter or digit',
  test_ticker: 'the symbol is in the setting that lists test tickers',
  wrong_day: 'the row is of another trading day than its delivery',
  not_a_number: 'a price, the volume or the time is missing or no decimal number',
  not_finite: 'a price or the volume is NaN or infinite',
  out_of_range: 'a price or the volume has more than 100 digits before or after the decimal point',
  not_positive: 'a price is zero or negative',
  negative_volume: 'the volume is below zero (zero is a bar)',
  high_below_low: 'the high is below the low',
  open_outside: 'the open is not between low and high',
  close_outside: 'the close is not between low and high',
  duplicate: 'the symbol is repeated within the day: all its rows, except the first of identical ones',
  before_retention: 'the bar is older than what the retention of its symbol keeps',
} as const;

export type QuarantineReason = keyof typeof quarantineReasons;
