import type { ActRequest } from '../api.ts';
import { ProblemError } from '../http/problem-error.ts';
import { isMarketDay, symbolPattern } from '../http/query.ts';

const fieldsOf = {
  replay: ['kind', 'from', 'to', 'symbols'],
  redrive: ['kind'],
  verify: ['kind', 'symbols'],
} as const satisfies Record<ActRequest['kind'], readonly string[]>;

const mostSymbols = 1_000;

/**
 * Reads what the page wants done.
 * @throws {ProblemError} 400 that names the field, what it held and what it takes.
 */
export function readActRequest(body: unknown): ActRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ProblemError(400, `The body is ${JSON.stringify(body)}: it takes an object with kind`);
  }
  const fields: Readonly<Record<string, unknown>> = { ...body };
  const kind = fields['kind'];
  if (kind !== 'replay' && kind !== 'redrive' && kind !== 'verify') {
    throw wrong('kind', kind, 'replay, redrive or verify');
  }
  const unknown = Object.keys(fields).find((name) => !fieldsOf[kind].some((known) => known === name));
  if (unknown !== undefined) {
    throw new ProblemError(
      400,
      `There is no field ${JSON.stringify(unknown)} in ${kind}: it takes ${fieldsOf[kind].join(', ')}`,
    );
  }
  if (kind === 'redrive') return { kind };
  const symbols = readSymbols(fields['symbols']);
  if (kind === 'verify') return { kind, ...symbols };
  const from = readDay('from', fields['from']);
  const to = readDay('to', fields['to']);
  if (from > to) throw new ProblemError(400, `from is ${from}, which is after to, ${to}`);
  return { kind, from, to, ...symbols };
}

function readDay(name: string, value: unknown): string {
  if (typeof value === 'string' && isMarketDay(value)) return value;
  throw wrong(name, value, 'a calendar date from 1800 on, YYYY-MM-DD');
}

function readSymbols(value: unknown): { symbols?: readonly string[] } {
  if (value === undefined) return {};
  const takes = `1 to ${mostSymbols} symbols, as ["AAPL", "BRK.A"]; leave it out for all`;
  if (!Array.isArray(value) || value.length === 0 || value.length > mostSymbols) {
    throw wrong('symbols', value, takes);
  }
  const symbols = value.map((symbol: unknown) => {
    if (typeof symbol === 'string' && symbolPattern.test(symbol)) return symbol;
    throw wrong('symbols', symbol, takes);
  });
  return { symbols: [...new Set(symbols)] };
}

function wrong(name: string, value: unknown, takes: string): ProblemError {
  const held = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 100)}`;
  return new ProblemError(400, `The field ${name} ${held}: it takes ${takes}`);
}
