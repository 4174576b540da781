const dayMs = 86_400_000;

/** Of calendar days as YYYY-MM-DD text, which sort as text. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

const newYork = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short' });

export function newYorkDay(instant: Date): string {
  return newYork.format(instant);
}

/** `14:03:07`, in the reader's time zone. */
export function timeOfDay(instant: Date): string {
  return instant.toTimeString().slice(0, 8);
}

/** `12 s`, `3 min`, `5 h`, `2 days`. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** `+ 840 ms`, `+ 12.4 s`, `+ 3 min`. */
export function after(ms: number): string {
  if (ms < 1_000) return `+ ${Math.round(ms)} ms`;
  return ms < 60_000 ? `+ ${(ms / 1_000).toFixed(1)} s` : `+ ${duration(ms / 1_000)}`;
}
