import { expect, test } from 'vitest';
import { NotDrainedError } from '../../../services/local/pipeline/drain.ts';

test('what stays pending is told with the last failure, and with no count of jobs', () => {
  expect(new NotDrainedError(1, null).message).toMatch(
    /^1 invalidation stays pending, and no job is under way\. Logs of jobs .*`fibbars resample --pending`/,
  );
  expect(new NotDrainedError(1_200, 'out of memory').message).toMatch(
    /^1,200 invalidations stay pending, and no job is under way: the last that failed said out of memory\. Logs/,
  );
});
