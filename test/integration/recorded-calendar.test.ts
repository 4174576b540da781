import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const recorded = join(process.env['FIBBARS_REAL_DATA'] ?? '', 'calendar', 'xnys-1990-2023.csv');
const absent = !process.env['FIBBARS_REAL_DATA'] || !existsSync(recorded);
const why = absent ? ' (skipped: set FIBBARS_REAL_DATA to the folder of recorded data)' : '';

const listSessions = `
  import { sessionClose, sessionsBetween } from './services/shared/calendar/sessions.ts';
  for (const day of sessionsBetween('1990-01-01', '2023-01-13')) console.log(day, sessionClose(day).toISOString());
`;

describe.skipIf(absent)(`the recorded New York calendar${why}`, () => {
  test.each(['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Apia'])(
    'is ours on every day from 1990 to 2023, closes included, on a machine in %s',
    (zone) => {
      const ours = execFileSync(
        process.execPath,
        ['--input-type=module-typescript', '--eval', listSessions],
        {
          cwd: join(import.meta.dirname, '..', '..'),
          env: { ...process.env, TZ: zone },
          encoding: 'utf8',
        },
      );
      expect(ours.trim().split('\n')).toEqual(recordedSessions());
    },
  );
});

function recordedSessions(): string[] {
  const [, ...lines] = readFileSync(recorded, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [day = '', , close = ''] = line.split(',');
    return `${day.slice(0, 10)} ${new Date(close).toISOString()}`;
  });
}
