import { expect, it } from 'vitest';
import { counted } from '../../../services/cli/format.ts';

it.each([
  [0, 'session', undefined, '0 sessions'],
  [1, 'session', undefined, '1 session'],
  [1_234, 'session', undefined, '1,234 sessions'],
  [1, 'row of silver', 'rows of silver', '1 row of silver'],
  [2, 'row of silver', 'rows of silver', '2 rows of silver'],
])('counts %s × %s', (count, one, many, words) => {
  expect(counted(count, one, many)).toBe(words);
});
