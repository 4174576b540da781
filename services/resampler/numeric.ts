/**
 * PostgreSQL's binary numeric, read in place.
 *
 *     int16 ndigits | int16 weight | int16 sign | int16 dscale | ndigits × int16 digit, base 10,000
 *
 * The value is Σ digit[i] × 10,000^(weight − i). Leading and trailing zero digits are never sent, so equal
 * values have equal digits; `dscale`, the decimals shown, may differ (1.5 and 1.50).
 * Bronze holds finite values that are not negative, and only those are read here.
 * Source: numeric_send in src/backend/utils/adt/numeric.c.
 */

const base = 10_000;
const header = 8;
/** Values with at most 8 decimals below this are exact as an integer count of 10^-8 in a double. */
const keyUnits = base * base;
const largestKeyed = Math.floor(Number.MAX_SAFE_INTEGER / keyUnits) - 1;
/** Whole shares below this can be added 1,000 times and stay exact in a double. */
const largestSummed = 1e12;

function int16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function weightOf(bytes: Uint8Array, at: number): number {
  return (int16(bytes, at + 2) << 16) >> 16;
}

/** Bytes that the numeric at `at` takes. */
export function numericLength(bytes: Uint8Array, at: number): number {
  return header + 2 * int16(bytes, at);
}

export function assertFiniteNotNegative(bytes: Uint8Array, at: number): void {
  if (int16(bytes, at + 4) !== 0) {
    throw new RangeError(`bronze holds ${numericToText(bytes, at)}: only finite values from 0 up are bars`);
  }
}

/** The value in units of 10^-8 as an exact integer, or NaN where a double cannot hold it exactly. */
export function exactKey(bytes: Uint8Array, at: number): number {
  const digits = int16(bytes, at);
  if (digits === 0) return 0;
  const weight = weightOf(bytes, at);
  if (weight > 1 || digits - 1 - weight > 2) return Number.NaN;
  let whole = 0;
  let fraction = 0;
  let index = 0;
  for (; index <= weight; index++) {
    whole = whole * base + (index < digits ? int16(bytes, at + header + 2 * index) : 0);
  }
  if (whole > largestKeyed) return Number.NaN;
  const first = weight < 0 ? weight + 1 : 0;
  for (let place = first, unit = first === 0 ? base : 1; place > -2 && unit >= 1; place--, unit /= base) {
    fraction += (index < digits ? int16(bytes, at + header + 2 * index) : 0) * unit;
    index++;
  }
  return whole * keyUnits + fraction;
}

/** Negative, zero or positive, exactly, for values of any size. */
export function compareNumeric(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  const aDigits = int16(a, aAt);
  const bDigits = int16(b, bAt);
  if (aDigits === 0 || bDigits === 0) return aDigits - bDigits;
  const byWeight = weightOf(a, aAt) - weightOf(b, bAt);
  if (byWeight !== 0) return byWeight;
  const shared = Math.min(aDigits, bDigits);
  for (let index = 0; index < shared; index++) {
    const offset = header + 2 * index;
    const difference = int16(a, aAt + offset) - int16(b, bAt + offset);
    if (difference !== 0) return difference;
  }
  return aDigits - bDigits;
}

/** Equal by value: the decimals shown do not count. */
export function sameValue(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
  return int16(a, aAt + 4) === int16(b, bAt + 4) && compareNumeric(a, aAt, b, bAt) === 0;
}

/**
 * Takes a numeric apart, so that it can be added many times: `parts[place]` + `parts[place + 1]` × 10^-8, the first NaN where a
 * double cannot hold the value, or a sum of a thousand like it, exactly.
 */
export function takeApart(bytes: Uint8Array, at: number, parts: Float64Array, place: number): void {
  const digits = int16(bytes, at);
  const weight = weightOf(bytes, at);
  if (digits > 0 && (weight > 2 || weight < -2 || digits - 1 - weight > 2)) {
    parts[place] = Number.NaN;
    return;
  }
  let whole = 0;
  for (let index = 0; index <= weight; index++) {
    whole = whole * base + (index < digits ? int16(bytes, at + header + 2 * index) : 0);
  }
  let fraction = 0;
  for (let index = Math.max(0, weight + 1); index < digits; index++) {
    fraction += int16(bytes, at + header + 2 * index) * (index - weight === 1 ? base : 1);
  }
  parts[place] = digits > 0 && whole > largestSummed ? Number.NaN : whole;
  parts[place + 1] = fraction;
}

/** Decimals shown. */
export function scaleOf(bytes: Uint8Array, at: number): number {
  return int16(bytes, at + 6);
}

const parts = new Float64Array(2);

/** Adds numerics exactly: in doubles while they hold every value, in BigInt from the first that they do not. */
export class NumericSum {
  private whole = 0;
  /** In units of 10^-8. */
  private fraction = 0;
  private scale = 0;
  private big: { units: bigint; decimals: number } | undefined;

  reset(): void {
    this.whole = 0;
    this.fraction = 0;
    this.scale = 0;
    this.big = undefined;
  }

  add(bytes: Uint8Array, at: number): void {
    takeApart(bytes, at, parts, 0);
    if (!this.addParts(parts[0] as number, parts[1] as number, scaleOf(bytes, at))) this.addBig(bytes, at);
  }

  /** Adds what `takeApart` gave, or returns false and adds nothing if only `add` can. */
  addParts(whole: number, fraction: number, scale: number): boolean {
    if (Number.isNaN(whole) || this.big !== undefined) return false;
    if (scale > this.scale) this.scale = scale;
    this.whole += whole;
    this.fraction += fraction;
    if (this.whole > 1_000 * largestSummed) this.spill();
    return true;
  }

  /** Writes the sum as a binary numeric and returns its length. `out` must have `maxLength()` bytes left. */
  write(out: Uint8Array, at: number): number {
    if (this.big !== undefined) {
      this.spill();
      return writeBig(out, at, this.big.units, this.big.decimals, this.scale);
    }
    let whole = this.whole + Math.floor(this.fraction / keyUnits);
    const fraction = this.fraction % keyUnits;
    let weight = -1;
    let end = at + header;
    if (whole > 0) {
      weight = 0;
      let unit = 1;
      while (whole / unit >= base) {
        unit *= base;
        weight++;
      }
      for (; unit >= 1; unit /= base) {
        const digit = Math.floor(whole / unit);
        whole -= digit * unit;
        end = putInt16(out, end, digit);
      }
    }
    const high = Math.floor(fraction / base);
    const low = fraction % base;
    if (fraction > 0) {
      if (weight < 0 && high === 0) weight = -2;
      else end = putInt16(out, end, high);
      if (low > 0) end = putInt16(out, end, low);
    }
    while (end > at + header && out[end - 1] === 0 && out[end - 2] === 0) end -= 2;
    if (end === at + header) weight = 0;
    putHeader(out, at, (end - at - header) / 2, weight, this.scale);
    return end - at;
  }

  /** An upper bound of what `write` writes, in bytes. */
  maxLength(): number {
    if (this.big === undefined) return header + 2 * 8;
    return header + 2 * (Math.ceil(this.big.units.toString().length / 4) + Math.ceil(this.scale / 4) + 8);
  }

  private addBig(bytes: Uint8Array, at: number): void {
    this.scale = Math.max(this.scale, scaleOf(bytes, at));
    this.spill();
    const sum = this.big as { units: bigint; decimals: number };
    const value = toUnits(bytes, at);
    if (value.decimals > sum.decimals) {
      sum.units *= 10n ** BigInt(value.decimals - sum.decimals);
      sum.decimals = value.decimals;
    }
    sum.units += value.units * 10n ** BigInt(sum.decimals - value.decimals);
  }

  private spill(): void {
    this.big ??= { units: 0n, decimals: 8 };
    this.big.units +=
      (BigInt(this.whole) * BigInt(keyUnits) + BigInt(this.fraction)) * 10n ** BigInt(this.big.decimals - 8);
    this.whole = 0;
    this.fraction = 0;
  }
}

/** Decimal text as PostgreSQL prints it, `dscale` decimals. */
export function numericToText(bytes: Uint8Array, at: number): string {
  const sign = int16(bytes, at + 4);
  if (sign === 0xc000) return 'NaN';
  if (sign === 0xd000) return 'Infinity';
  if (sign === 0xf000) return '-Infinity';
  const { units, decimals } = toUnits(bytes, at);
  const scale = int16(bytes, at + 6);
  const digits = units.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits
    .slice(digits.length - decimals)
    .slice(0, scale)
    .padEnd(scale, '0');
  return `${sign === 0x4000 ? '-' : ''}${whole}${scale > 0 ? `.${fraction}` : ''}`;
}

/** The value as `units` × 10^-`decimals`, `decimals` a multiple of 4. */
function toUnits(bytes: Uint8Array, at: number): { units: bigint; decimals: number } {
  const digits = int16(bytes, at);
  const weight = weightOf(bytes, at);
  let units = 0n;
  for (let index = 0; index < digits; index++) {
    units = units * 10_000n + BigInt(int16(bytes, at + header + 2 * index));
  }
  const places = weight - digits + 1;
  if (places >= 0) return { units: units * 10_000n ** BigInt(places), decimals: 0 };
  return { units, decimals: -places * 4 };
}

function writeBig(out: Uint8Array, at: number, units: bigint, decimals: number, scale: number): number {
  const padding = (4 - (decimals % 4)) % 4;
  let rest = units * 10n ** BigInt(padding);
  let weight = -(decimals + padding) / 4;
  const digits: number[] = [];
  while (rest > 0n) {
    digits.push(Number(rest % 10_000n));
    rest /= 10_000n;
  }
  weight += digits.length - 1;
  while (digits.length > 0 && digits[0] === 0) digits.shift();
  let end = at + header;
  for (const digit of digits.toReversed()) end = putInt16(out, end, digit);
  putHeader(out, at, digits.length, digits.length === 0 ? 0 : weight, scale);
  return end - at;
}

function putHeader(out: Uint8Array, at: number, digits: number, weight: number, scale: number): void {
  putInt16(out, at, digits);
  putInt16(out, at + 2, weight);
  putInt16(out, at + 4, 0);
  putInt16(out, at + 6, scale);
}

function putInt16(out: Uint8Array, at: number, value: number): number {
  out[at] = (value >> 8) & 0xff;
  out[at + 1] = value & 0xff;
  return at + 2;
}
