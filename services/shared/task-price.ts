import { UsageError } from './exit-code.ts';
import type { Measured } from './metrics.ts';

/** USD of an hour of the task that this process is, told by who deployed it. */
export type TaskPrice = { readonly spotHour: number; readonly onDemandHour: number };

/** Fargate bills by the second, and a minute at least. */
const leastBilledMs = 60_000;
const hourMs = 3_600_000;

/**
 * Reads FIBBARS_TASK_USD_HOUR, the prices of Fargate Spot and of Fargate as `0.01975,0.0395`; undefined if it is not set.
 * @throws {UsageError} saying what it held and what it takes.
 */
export function readTaskPrice(env: Readonly<Record<string, string | undefined>>): TaskPrice | undefined {
  const text = env['FIBBARS_TASK_USD_HOUR'];
  if (!text) return undefined;
  const [spotHour = Number.NaN, onDemandHour = Number.NaN, ...more] = text.split(',').map(Number);
  if (
    more.length > 0 ||
    !(spotHour > 0) ||
    !(onDemandHour > 0) ||
    !Number.isFinite(spotHour + onDemandHour)
  ) {
    throw new UsageError(
      `FIBBARS_TASK_USD_HOUR is ${JSON.stringify(text)}: it takes the hour's price of Spot and of on demand, as 0.01975,0.0395`,
    );
  }
  return { spotHour, onDemandHour };
}

/** What the task has cost on Spot, and would have cost on demand; nothing if no price is known. */
export function costOf(price: TaskPrice | undefined, durationMs: number): Measured {
  if (price === undefined) return {};
  const hours = Math.max(durationMs, leastBilledMs) / hourMs;
  return { spotCost: usd(hours * price.spotHour), onDemandCost: usd(hours * price.onDemandHour) };
}

/** To the millionth: a minute is some 0.0003 USD. */
function usd(amount: number): number {
  return Math.round(amount * 1e6) / 1e6;
}
