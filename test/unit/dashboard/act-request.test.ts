import { expect, test } from 'vitest';
import { actCommand } from '../../../services/dashboard/acts/act-command.ts';
import { readActRequest } from '../../../services/dashboard/acts/act-request.ts';
import type { ActRequest } from '../../../services/dashboard/api.ts';

test.each<[ActRequest, string]>([
  [
    { kind: 'replay', from: '2018-01-02', to: '2018-03-29' },
    'npm run fibbars -- replay --from 2018-01-02 --to 2018-03-29',
  ],
  [
    { kind: 'replay', from: '2018-01-02', to: '2018-01-02', symbols: ['AGM/A', 'CpS'] },
    'npm run fibbars -- replay --from 2018-01-02 --to 2018-01-02 --symbols AGM/A,CpS',
  ],
  [{ kind: 'redrive' }, 'npm run fibbars -- redrive'],
  [{ kind: 'verify' }, 'npm run fibbars -- verify'],
  [{ kind: 'verify', symbols: ['AAPL'] }, 'npm run fibbars -- verify --symbols AAPL'],
])('%j is taken, and is the same as a command', (request, command) => {
  expect(readActRequest(structuredClone(request))).toEqual(request);
  expect(actCommand(request)).toBe(command);
});

test.each([
  [null, 'it takes an object'],
  [[], 'it takes an object'],
  ['verify', 'it takes an object'],
  [{}, 'The field kind is missing: it takes replay, redrive or verify'],
  [{ kind: 'drop' }, 'The field kind is "drop"'],
  [{ kind: 'replay', from: '2018-01-02' }, 'The field to is missing'],
  [{ kind: 'replay', from: '2018-01-02', to: '2018-02-30' }, 'The field to is "2018-02-30"'],
  [{ kind: 'replay', from: '2018-01-03', to: '2018-01-02' }, 'from is 2018-01-03, which is after to'],
  [{ kind: 'replay', from: '2018-01-02', to: 20180102 }, 'The field to is 20180102'],
  [{ kind: 'replay', from: '0000-01-01', to: '2018-01-02' }, 'The field from is "0000-01-01"'],
  [{ kind: 'verify', symbols: [] }, 'The field symbols is []'],
  [{ kind: 'verify', symbols: ['AAPL; rm -rf /'] }, 'The field symbols is "AAPL; rm -rf /"'],
  [{ kind: 'verify', symbols: 'AAPL' }, 'The field symbols is "AAPL"'],
  [{ kind: 'verify', symbols: Array.from({ length: 1_001 }, () => 'A') }, '1 to 1000 symbols'],
  [{ kind: 'redrive', symbols: ['AAPL'] }, 'There is no field "symbols" in redrive: it takes kind'],
  [{ kind: 'verify', __proto__x: 1 }, 'There is no field "__proto__x"'],
])('%j is refused by name', (body, words) => {
  expect(() => readActRequest(body)).toThrow(words);
});
