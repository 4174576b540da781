import { expect, test } from 'vitest';
import { judgeAnswer } from '../../../../services/fetcher/massive/judge-answer.ts';
import { MassiveError } from '../../../../services/fetcher/massive/massive-error.ts';

const url = new URL(
  'https://api.massive.com/v2/aggs/grouped/locale/us/market/stocks/2026-11-24?adjusted=false',
);
const judge = (status: number, text: string, type = 'application/json') =>
  judgeAnswer(url, { status, text, headers: new Headers({ 'content-type': type }) }, (words) =>
    words.replaceAll('hush', '***'),
  );
const judged = (status: number, text: string, type?: string): MassiveError => {
  try {
    judge(status, text, type);
  } catch (error) {
    if (error instanceof MassiveError) return error;
  }
  throw new Error('it was taken for a success');
};

test.each(['OK', 'DELAYED'])('status %s is a success', (status) => {
  expect(judge(200, JSON.stringify({ status, results: [] }))).toEqual({ status, results: [] });
});

test('an answer without a status is a success', () => {
  expect(judge(200, '{"results":null}')).toEqual({ results: null });
});

const notEntitled =
  'You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing';
const tooEarly = "Attempted to request today's data before end of day. Please upgrade your plan";
const tooOld = "Your plan doesn't include this data timeframe. Please upgrade your plan";

test.each([
  [401, '{"status":"ERROR","error":"Unknown API Key"}', 'key refused', '401 ERROR "Unknown API Key"'],
  [403, JSON.stringify({ status: 'NOT_AUTHORIZED', message: notEntitled }), 'not entitled', notEntitled],
  [403, JSON.stringify({ status: 'NOT_AUTHORIZED', message: tooEarly }), 'too early', tooEarly],
  [403, JSON.stringify({ status: 'NOT_AUTHORIZED', message: tooOld }), 'too old', tooOld],
  [200, JSON.stringify({ status: 'NOT_AUTHORIZED', message: tooOld }), 'too old', '200 NOT_AUTHORIZED'],
  [200, JSON.stringify({ status: 'NOT_AUTHORIZED', message: notEntitled }), 'not entitled', notEntitled],
  [403, '', 'not entitled', '403'],
  [429, '{"status":"ERROR","error":"You\'ve exceeded the maximum requests"}', 'too many calls', 'maximum'],
  [500, 'Internal Server Error', 'unavailable', '500 "Internal Server Error"'],
  [503, '', 'unavailable', '503'],
  [408, '', 'unavailable', '408'],
  [404, '404 page not found', 'not found', '404 "404 page not found"'],
  [400, '{"status":"ERROR","error":"bad date"}', 'bad request', '400 ERROR "bad date"'],
  [304, '', 'bad request', '304'],
  [200, '{"status":"ERROR","error":"overloaded"}', 'bad request', '200 ERROR "overloaded"'],
  [200, '{"status":"OK","results":[{"T":"A","v":12', 'cut off', '200'],
  [200, '', 'cut off', '200'],
  [200, '<html>Sign in</html>', 'not JSON', '200 "<html>Sign in</html>"'],
  [200, '[1]', 'bad answer', '200 "[1]"'],
  [200, 'null', 'bad answer', '200'],
])('%d %j is: %s', (status, text, problem, words) => {
  const error = judged(status, text);
  expect(error.problem).toBe(problem);
  expect(error.message).toContain(`${url.href}: ${problem} (`);
  expect(error.message).toContain(words);
});

test('a page of HTML is no JSON, however it begins', () => {
  expect(judged(200, 'Bad gateway', 'text/html; charset=utf-8').problem).toBe('not JSON');
});

test('words are short and without the key, and the address too', () => {
  const error = judged(401, JSON.stringify({ error: `Unknown API Key hush ${'x'.repeat(1_000)}` }));
  expect(error.message).toContain('Unknown API Key *** xxx');
  expect(error.message.length).toBeLessThan(500);
  const shown = new MassiveError({
    problem: 'empty',
    url: new URL('https://h/a?apiKey=hush&cursor=1&api_key=hush&APIKEY=hush'),
    found: 'nothing',
  });
  expect(shown.message).toContain('https://h/a?cursor=1: empty');
});

test('what may pass is tried again, what a plan forbids is not', () => {
  const problems = [
    judged(503, ''),
    judged(429, ''),
    judged(200, '{"a'),
    judged(200, '<p>'),
    judged(401, ''),
    judged(403, ''),
    judged(404, ''),
    judged(400, ''),
  ];
  expect(problems.map((error) => error.transient)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
