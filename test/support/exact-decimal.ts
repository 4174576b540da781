/** Decimals compared exactly, by a way of their own: what the fetcher stores is judged by it. */

type Exact = { readonly units: bigint; readonly exponent: number };

/** @throws {RangeError} if the text is no decimal. */
function read(text: string): Exact {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (whole === undefined || whole + fraction === '') throw new RangeError(`${text} is no decimal`);
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, exponent: Number(exponent) - fraction.length };
}

/** Negative when a < b, 0 when they are equal by value. */
export function compareExactly(a: string, b: string): number {
  const [left, right] = [read(a), read(b)];
  const least = Math.min(left.exponent, right.exponent);
  const scaled = ({ units, exponent }: Exact) => units * 10n ** BigInt(exponent - least);
  const difference = scaled(left) - scaled(right);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}
