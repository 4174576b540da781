import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { isDay } from '../shared/calendar/day.ts';
import { newYorkDay } from '../shared/calendar/new-york.ts';

export function parseDay(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('It takes a calendar date, YYYY-MM-DD.');
  return text;
}

/** A day that has begun in New York. */
export function parsePastDay(text: string): string {
  const day = parseDay(text);
  const today = newYorkDay(new Date());
  if (day > today)
    throw new InvalidArgumentError(`It takes a day that has begun: in New York it is ${today}.`);
  return day;
}

export function parseDays(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1)
    throw new InvalidArgumentError('It takes a whole number of trading days.');
  return days;
}

/** The days of a silver table, within what ops.interval takes. */
export function parseInterval(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 2 || days > 1_000)
    throw new InvalidArgumentError('It takes a whole number of trading days from 2 to 1000.');
  return days;
}

/** An instant with its offset from UTC. */
export function parseInstant(text: string): Date {
  const instant = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(instant.getTime())) {
    throw new InvalidArgumentError('It takes an instant such as 2024-03-01T00:00:00Z.');
  }
  return instant;
}

export function parseId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new InvalidArgumentError('It takes an id (UUID) such as 0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a01.');
  }
  return text.toLowerCase();
}

/** `3,5,8`: several of them. */
export function parseIntervals(text: string): number[] {
  return text.split(',').map(parseInterval);
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It takes a port from 0 (a free one) to 65535.');
  }
  return port;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new InvalidArgumentError('It takes a whole number from 1 up.');
  return count;
}

/** `A,B` or the name of a file with one symbol a line; case-sensitive. */
export function parseSymbols(text: string): string[] {
  const symbols = splitSymbols(text);
  const wrong = symbols.find((symbol) => !/^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/.test(symbol));
  if (wrong === undefined && symbols.length > 0) return [...new Set(symbols)];
  let content: string;
  try {
    content = readFileSync(text, 'utf8');
  } catch {
    throw new InvalidArgumentError(
      `It takes symbols as AAPL,BRK.A or a file with one a line; ${JSON.stringify(wrong ?? text)} is neither.`,
    );
  }
  return [...new Set(splitSymbols(content))];
}

function splitSymbols(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((symbol) => symbol.trim())
    .filter(Boolean);
}
