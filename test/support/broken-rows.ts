import { compareExactly } from './exact-decimal.ts';
import type { Random } from './random.ts';

const valueNames = ['open', 'high', 'low', 'close', 'volume'] as const;
export type Values = Readonly<Record<(typeof valueNames)[number], string>>;

/** A row as text, most of whose values may be anything. */
export type BrokenRow = Values & {
  readonly symbol: string;
  /** It is a bar unless its symbol comes twice. */
  readonly good: boolean;
};

const brokenValues = [
  ['', ' ', '0', '-0', '-1', '0.0', 'NaN', 'nan', 'Infinity', '-Infinity', 'inf', '1e999', '1e-999', '1e400'],
  [
    '1..2',
    '1,2',
    '1;2',
    '0x10',
    '1_000',
    '1 ',
    ' 1',
    '+1',
    '.5',
    '5.',
    '.',
    '1e5',
    '1E+2',
    '--1',
    '1e',
    'e1',
  ],
  ['\0', String.raw`\N`, '\t', 'null', 'NULL', 'true', '"', "''", '1\n2', '1\r2', '\u2028', '١', '１', '$1'],
  ['9'.repeat(99), '9'.repeat(101), `0.${'0'.repeat(99)}1`, `0.${'0'.repeat(120)}1`, '1.'.repeat(50)],
  ['9007199254740993', '0.1000000000000000000001', '1.432032e+06', '2147483648', '1e100', '1e-100', '99e-1'],
].flat();

const brokenSymbols = [
  ['', ' ', 'A B', 'A\tB', String.raw`\.`, String.raw`\N`, 'NULL', 'null', 'TRUE', 'NaN', 'ON', 'CpS', 'CPS'],
  [
    'A'.repeat(20),
    'A'.repeat(21),
    '.A',
    '-A',
    'A/B',
    'A.B',
    'A-B',
    'ÄAPL',
    'A\0',
    'A\n',
    'A\r',
    '{A}',
    '"A"',
  ],
  ['"', 'A,B', "A'); drop table raw_ohlcv;--", '=1+1', '\ufeffA', 'G0', 'G1', '\u202eA', '😀', '__proto__'],
].flat();

/** Up to 12 rows, about half of them good: G0, G1 and so on. */
export function brokenRows(next: Random): BrokenRow[] {
  return Array.from({ length: next(13) }, (_, index) => {
    const low = 1 + next(90);
    const row = {
      symbol: `G${index}`,
      open: `${low + next(3)}.${next(100)}`,
      high: `${low + 4}.${next(1000)}`,
      low: `${low}`,
      close: `${low + next(3)}.5`,
      volume: String(next(10_000_000)),
      good: true,
    };
    if (next(2) === 0) return row;
    const broken = Object.fromEntries(
      valueNames.filter(() => next(3) === 0).map((name) => [name, pick(next, brokenValues)]),
    );
    return { ...row, ...(next(3) === 0 && { symbol: pick(next, brokenSymbols) }), ...broken, good: false };
  });
}

export function pick<T>(next: Random, from: readonly T[]): T {
  return from[next(from.length)] as T;
}

/** Some of the bytes are changed, left out, put in or cut off. */
export function damaged(next: Random, bytes: Buffer): Buffer {
  const at = next(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + next(30));
  const noise = Buffer.from(Array.from({ length: 1 + next(8) }, () => next(256)));
  const some = pick(next, [
    '\n',
    '\r\n',
    '\n\n',
    '"',
    ',',
    '{',
    '}',
    '[',
    ']',
    '\0',
    '-',
    'e',
    '\\',
    'null',
    '0',
  ]);
  return pick(next, [
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]),
    () => Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]),
    () =>
      Buffer.concat([
        bytes.subarray(0, at),
        noise,
        bytes.subarray(Math.min(bytes.length, at + noise.length)),
      ]),
    () => Buffer.concat([bytes.subarray(0, at), Buffer.from(some), bytes.subarray(at)]),
    () => Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]),
    () => Buffer.concat([bytes, noise]),
  ])();
}

/** What the rules of a bar say, said once more: everything that is stored must pass. */
export function isBar({ symbol, open, high, low, close, volume }: Values & { symbol: string }): boolean {
  const inside = (value: string) => compareExactly(low, value) <= 0 && compareExactly(value, high) <= 0;
  return (
    /^[A-Za-z0-9][A-Za-z0-9./-]*$/.test(symbol) &&
    symbol.length <= 20 &&
    compareExactly(low, '0') > 0 &&
    inside(open) &&
    inside(close) &&
    compareExactly(volume, '0') >= 0
  );
}

export function hasValuesOf(stored: Values, written: Values): boolean {
  return valueNames.every((name) => compareExactly(stored[name], written[name]) === 0);
}
