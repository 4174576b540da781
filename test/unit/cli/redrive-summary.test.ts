import { expect, test } from 'vitest';
import { isRedriveRight, redriveSummary } from '../../../services/cli/commands/redrive.ts';

const nothing = { queues: [], missing: [], fates: [], held: 0 };

test('no letters at all is all right', () => {
  expect(redriveSummary(nothing, false)).toEqual(['No dead letters']);
  expect(isRedriveRight(nothing, false)).toBe(true);
});

test.each([true, false])('letters that another redrive holds are not none, dry run or not (%s)', (dryRun) => {
  const held = { ...nothing, held: 2 };
  expect(redriveSummary(held, dryRun)).toEqual([
    'No dead letters that can be seen now',
    '2 dead letters are held by another redrive, or by one that was killed: what it has not moved is seen again after 120 s at most, so redrive again then',
  ]);
  expect(isRedriveRight(held, dryRun)).toBe(false);
});

test('a queue that is missing is named, with what to do, and is not all right', () => {
  const missing = { ...nothing, missing: ['fibonacci-bars-dispatcher'] };
  expect(redriveSummary(missing, false)).toEqual([
    'No dead letters',
    'There is no queue fibonacci-bars-dispatcher: `fibbars up`, started anew, makes it again, and `fibbars cloud-init` does at AWS_ENDPOINT_URL; on AWS create it by that name',
  ]);
  expect(isRedriveRight(missing, false)).toBe(false);
  // It shows all that there is.
  expect(isRedriveRight(missing, true)).toBe(true);
});
