import type { Answer } from './exchange.ts';
import { isJsonObject, type JsonObject, parseLossless } from './lossless-json.ts';
import { MassiveError, type MassiveProblem } from './massive-error.ts';

const good: readonly unknown[] = ['OK', 'DELAYED', undefined];

/**
 * The body of an answer that succeeded; DELAYED is a success.
 * @param hide takes the key out of words that the answer may have repeated.
 * @throws {MassiveError} naming what the answer says instead.
 */
export function judgeAnswer(url: URL, answer: Answer, hide: (words: string) => string): JsonObject {
  const { status, text } = answer;
  const body = parsed(text);
  const problem = problemOf(answer, body);
  if (problem === null) return body as JsonObject;
  const words = wordsOf(body) ?? text;
  const state = isJsonObject(body) && typeof body['status'] === 'string' ? ` ${body['status']}` : '';
  throw new MassiveError({ problem, url, found: hide(`${status}${state}${quoted(words)}`) });
}

function problemOf({ status, headers, text }: Answer, body: unknown): MassiveProblem | null {
  const words = wordsOf(body) ?? '';
  if (status === 401) return 'key refused';
  if (status === 403) return refusal(words);
  if (status === 404 || status === 410) return 'not found';
  if (status === 429) return 'too many calls';
  if (status === 408 || status >= 500) return 'unavailable';
  if (status !== 200) return 'bad request';
  if (body === undefined) {
    const isPage = headers.get('content-type')?.includes('html') || /^\s*</.test(text);
    return isPage ? 'not JSON' : 'cut off';
  }
  if (!isJsonObject(body)) return 'bad answer';
  if (body['status'] === 'NOT_AUTHORIZED') return refusal(words);
  return good.includes(body['status']) ? null : 'bad request';
}

/** 403 has three meanings, and only its words tell which. */
function refusal(words: string): MassiveProblem {
  if (/before end of day|today's data/i.test(words)) return 'too early';
  if (/timeframe/i.test(words)) return 'too old';
  return 'not entitled';
}

function parsed(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}

/** Errors have their text under one of two names. */
function wordsOf(body: unknown): string | undefined {
  if (!isJsonObject(body)) return undefined;
  return [body['error'], body['message']].find((words) => typeof words === 'string');
}

function quoted(words: string): string {
  const short = words.replaceAll(/\s+/g, ' ').trim();
  if (short === '') return '';
  return ` "${short.length > 200 ? `${short.slice(0, 200)}…` : short}"`;
}
