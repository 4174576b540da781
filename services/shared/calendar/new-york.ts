const clock = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The calendar day in New York at an instant. */
export function newYorkDay(instant: Date): string {
  const { year, month, day } = fields(instant);
  return `${year}-${month}-${day}`;
}

/**
 * The instant at which New York's clocks show `time` on `day`, whatever the machine's time zone.
 * @param time `HH:MM`; not between 01:00 and 03:00, which daylight saving repeats or leaves out.
 */
export function newYorkInstant(day: string, time: string): Date {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(asUtc)) throw new RangeError(`Not a day and a time: "${day}" "${time}"`);
  // Clocks change at 02:00, so the offset may differ between the guess and the answer: ask again there.
  const guess = asUtc + offsetMs(new Date(asUtc));
  return new Date(asUtc + offsetMs(new Date(guess)));
}

/** How far New York is behind UTC at an instant. */
function offsetMs(instant: Date): number {
  const { year, month, day, hour, minute, second } = fields(instant);
  return instant.getTime() - Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function fields(instant: Date) {
  const found: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const part of clock.formatToParts(instant)) found[part.type] = part.value;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = found;
  return { year, month, day, hour, minute, second };
}
