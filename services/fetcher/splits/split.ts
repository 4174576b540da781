import { type Decimal, parseDecimal } from '../decimal.ts';

/** `splitFrom` old shares become `splitTo` new ones at the open of `exDate`. */
export type Split = {
  /** Case-sensitive. */
  readonly symbol: string;
  readonly exDate: string;
  /** Decimal text. */
  readonly splitFrom: string;
  /** Decimal text. */
  readonly splitTo: string;
};

/** Whether two splits have the same ratio by value: 1 to 4 is 2 to 8, and 1.50 is 1.5. */
export function sameRatio(a: Split, b: Split): boolean {
  return times(parsed(a.splitFrom), parsed(b.splitTo)) === times(parsed(a.splitTo), parsed(b.splitFrom));
}

/** An exact product, as its digits and its decimals. */
function times(a: Decimal, b: Decimal): string {
  const digits = (BigInt(a.whole + a.fraction) * BigInt(b.whole + b.fraction)).toString();
  const decimals = a.fraction.length + b.fraction.length;
  const padded = digits.padStart(decimals + 1, '0');
  const fraction = padded.slice(padded.length - decimals).replace(/0+$/, '');
  return `${padded.slice(0, padded.length - decimals)}.${decimals === 0 ? '' : fraction}`;
}

function parsed(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (typeof decimal === 'string') throw new RangeError(`${text} is ${decimal}`);
  return decimal;
}
