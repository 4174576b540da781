/** Calendar days as `YYYY-MM-DD` text: no time, no zone, and they sort as text. */

const dayMs = 86_400_000;

/** Whether the text is an existing calendar day, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && toDay(ms) === text;
}

export function addDays(day: string, days: number): string {
  return toDay(utcMs(day) + days * dayMs);
}

/** 0 is Sunday, 6 is Saturday. */
export function weekday(day: string): number {
  return new Date(utcMs(day)).getUTCDay();
}

function utcMs(day: string): number {
  if (!isDay(day)) throw new RangeError(`Not a calendar day: "${day}"; write it as YYYY-MM-DD`);
  return Date.parse(`${day}T00:00:00Z`);
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
