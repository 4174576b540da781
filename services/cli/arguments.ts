import { readFileSync, statSync } from 'node:fs';
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

/**
 * `A,B` or the name of a file with one symbol a line; case-sensitive. Where there is a file of that name it is meant:
 * `watchlist.txt` could be a symbol too.
 */
export function parseSymbols(text: string): string[] {
  const listed = splitSymbols(text);
  if (listed.length > 0 && listed.every(isSymbol) && !isFile(text)) return [...new Set(listed)];
  const symbols = splitSymbols(contentOf(text, listed));
  const wrong = symbols.find((symbol) => !isSymbol(symbol));
  if (wrong !== undefined || symbols.length === 0) {
    const found =
      wrong === undefined ? 'has none' : `has ${JSON.stringify(wrong.slice(0, 40))}, which is none`;
    throw new InvalidArgumentError(`It takes a file with one symbol a line; ${text} ${found}.`);
  }
  return [...new Set(symbols)];
}

function contentOf(text: string, listed: readonly string[]): string {
  try {
    return readFileSync(text, 'utf8');
  } catch {
    const wrong = listed.find((symbol) => !isSymbol(symbol)) ?? text;
    throw new InvalidArgumentError(
      `It takes symbols as AAPL,BRK.A or a file with one a line; ${JSON.stringify(wrong)} is neither.`,
    );
  }
}

function isSymbol(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/.test(text);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function splitSymbols(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((symbol) => symbol.trim())
    .filter(Boolean);
}
