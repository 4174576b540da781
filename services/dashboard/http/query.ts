import { isDay } from '../../shared/calendar/day.ts';
import { ProblemError } from './problem-error.ts';

/** The parameters of one request. Each reader throws a ProblemError (400) that names the parameter and what it takes. */
export type Query = {
  readonly text: (name: string) => string | undefined;
  readonly symbol: (name: string) => string;
  readonly day: (name: string) => string;
  readonly optionalDay: (name: string) => string | undefined;
  readonly wholeNumber: (name: string, bounds: { least: number; most: number; otherwise: number }) => number;
};

const dayWords = 'a calendar date from 1800 on, YYYY-MM-DD';

/** A day that a market may have had, and that PostgreSQL knows, with the day before it. */
export function isMarketDay(text: string): boolean {
  return isDay(text) && text >= '1800-01-01';
}

export const symbolPattern = /^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$/;

/**
 * @param known names of the parameters that the route takes.
 * @throws {ProblemError} naming a parameter that the route does not take, or that comes twice.
 */
export function queryOf(parameters: URLSearchParams, known: readonly string[]): Query {
  for (const name of parameters.keys()) {
    if (!known.includes(name)) {
      const takes = known.length === 0 ? 'no parameters' : known.join(', ');
      throw new ProblemError(
        400,
        `There is no parameter ${JSON.stringify(name)} here: this address takes ${takes}`,
      );
    }
    if (parameters.getAll(name).length > 1) {
      throw new ProblemError(400, `The parameter ${name} comes more than once: give it once`);
    }
  }
  const text = (name: string) => parameters.get(name) ?? undefined;
  const optionalDay = (name: string) => {
    const value = text(name);
    if (value !== undefined && !isMarketDay(value)) throw wrong(name, value, dayWords);
    return value;
  };
  return {
    text,
    optionalDay,
    symbol(name) {
      const value = text(name);
      if (value === undefined || !symbolPattern.test(value)) {
        throw wrong(name, value, 'a symbol, such as AAPL or BRK.A; it is case-sensitive');
      }
      return value;
    },
    day: (name) => optionalDay(name) ?? fail(wrong(name, undefined, dayWords)),
    wholeNumber(name, { least, most, otherwise }) {
      const value = text(name);
      if (value === undefined) return otherwise;
      const number = Number(value);
      if (!/^\d{1,9}$/.test(value) || number < least || number > most) {
        throw wrong(name, value, `a whole number from ${least} to ${most}`);
      }
      return number;
    },
  };
}

function wrong(name: string, value: string | undefined, takes: string): ProblemError {
  return new ProblemError(
    400,
    value === undefined
      ? `The parameter ${name} is missing: it takes ${takes}`
      : `The parameter ${name} is ${JSON.stringify(value)}: it takes ${takes}`,
  );
}

function fail(error: Error): never {
  throw error;
}
