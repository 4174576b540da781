/** Any two decimals of so many digits are two different doubles: DBL_DIG of IEEE 754. */
const mostDigits = 15;

/** 10^0 … 10^15: whole numbers below 2^53, hence exact. */
const powersOfTen = Array.from({ length: mostDigits + 1 }, (_, exponent) => 10 ** exponent);

const [point, zero, nine] = [0x2e, 0x30, 0x39];

/**
 * The value of a decimal as nearly all are written: digits and at most one point, at most 15 digits in all. Comparing two
 * such values is exact, and no text is taken apart for it; they are for nothing else.
 * @returns NaN for every other text, a decimal or not: see `parseDecimal`.
 */
export function plainDecimal(text: string): number {
  const { length } = text;
  if (length === 0 || length > mostDigits + 1) return Number.NaN;
  let digits = 0;
  let pointAt = -1;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= nine) digits = digits * 10 + (code - zero);
    else if (code === point && pointAt === -1) pointAt = at;
    else return Number.NaN;
  }
  if (pointAt === -1) return length > mostDigits ? Number.NaN : digits;
  if (length === 1) return Number.NaN;
  // One rounding of two exact values: the double nearest to the decimal.
  return digits / (powersOfTen[length - 1 - pointAt] as number);
}
