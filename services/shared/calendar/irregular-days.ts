/**
 * Days on which the New York exchanges did what no rule tells, and why.
 * Source: the list of closings that the exchange publishes ("NYSE Trading Hours", historical holidays and closings).
 */
export const oneOffClosures: ReadonlyMap<string, string> = new Map([
  ['1994-04-27', 'mourning for Richard Nixon'],
  ['2001-09-11', 'attacks of 11 September'],
  ['2001-09-12', 'attacks of 11 September'],
  ['2001-09-13', 'attacks of 11 September'],
  ['2001-09-14', 'attacks of 11 September'],
  ['2004-06-11', 'mourning for Ronald Reagan'],
  ['2007-01-02', 'mourning for Gerald Ford'],
  ['2012-10-29', 'hurricane Sandy'],
  ['2012-10-30', 'hurricane Sandy'],
  ['2018-12-05', 'mourning for George H. W. Bush'],
  ['2025-01-09', 'mourning for Jimmy Carter'],
]);

/** Closed at 13:00, beside the days that the rules give. */
export const oneOffEarlyCloses: ReadonlySet<string> = new Set(['1997-12-26', '1999-12-31', '2003-12-26']);
