import type { Market } from './market.ts';

/** A whole market over a bit more than a year. */
export const wide: Market = { symbols: 11_000, days: 300 };
/** An index over ten years. */
export const deep: Market = { symbols: 500, days: 2_520 };
/** A whole market over ten years: 27.6 million bars. */
export const large: Market = { symbols: 11_000, days: 2_520 };
