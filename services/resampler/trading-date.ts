const epochMs = Date.UTC(2000, 0, 1);
const dayMs = 86_400_000;

/** PostgreSQL's binary date: days since 2000-01-01. `date` is a calendar date, `YYYY-MM-DD`. */
export function toDays(date: string): number {
  return Math.round((Date.parse(`${date}T00:00:00Z`) - epochMs) / dayMs);
}

export function fromDays(days: number): string {
  return new Date(epochMs + days * dayMs).toISOString().slice(0, 10);
}
