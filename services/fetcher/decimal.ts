/**
 * Exact comparison of decimals as text: a number would lose digits.
 * A decimal is what PostgreSQL's numeric takes: `1.50`, `.5`, `5.`, `+5`, `1.432032e+06`.
 */
export type Decimal = {
  readonly negative: boolean;
  /** Digits before the point, without leading zeros: '' for 0.5. */
  readonly whole: string;
  /** Digits after the point, without trailing zeros. */
  readonly fraction: string;
};

/** No price or volume has more digits on one side of the point; beyond, an exponent could fill the memory. */
const maxDigits = 100;

const decimalPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;
const decimalOfAnySize = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads a decimal; 'not_a_number' or 'out_of_range' when it is none that is stored. */
export function parseDecimal(text: string): Decimal | 'not_a_number' | 'out_of_range' {
  const match = text.length > 4 * maxDigits ? null : decimalPattern.exec(text);
  if (!match) return decimalOfAnySize.test(text) ? 'out_of_range' : 'not_a_number';
  const [, sign, whole = '', fraction = '', exponent] = match;
  if (whole === '' && fraction === '') return 'not_a_number';
  const shift = exponent === undefined ? 0 : Number(exponent);
  const moved = shift === 0 ? { whole, fraction } : movePoint(whole, fraction, shift);
  if (moved === null) return 'out_of_range';
  const result = {
    negative: sign === '-',
    whole: moved.whole.replace(/^0+/, ''),
    fraction: moved.fraction.replace(/0+$/, ''),
  };
  const tooLong = result.whole.length > maxDigits || moved.fraction.length > maxDigits;
  return tooLong ? 'out_of_range' : result;
}

/** Negative when a < b, 0 when they are equal by value, positive when a > b. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signA = signOf(a);
  const signB = signOf(b);
  if (signA !== signB) return signA - signB;
  return signA * compareMagnitudes(a, b);
}

/** -1, 0 or 1. */
export function signOf(value: Decimal): number {
  if (value.whole === '' && value.fraction === '') return 0;
  return value.negative ? -1 : 1;
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  if (a.whole !== b.whole) return a.whole < b.whole ? -1 : 1;
  // Without trailing zeros, fractions sort as text: a prefix is the smaller one.
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -1 : 1;
}

function movePoint(whole: string, fraction: string, shift: number) {
  if (Math.abs(shift) > 4 * maxDigits) return null;
  if (shift > 0) {
    const padded = fraction.padEnd(shift, '0');
    return { whole: whole + padded.slice(0, shift), fraction: padded.slice(shift) };
  }
  const padded = whole.padStart(-shift, '0');
  const cut = padded.length + shift;
  return { whole: padded.slice(0, cut), fraction: padded.slice(cut) + fraction };
}
