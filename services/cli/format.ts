export { counted, formatCount } from '../shared/counted.ts';

export function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** An age to look at: `40 s`, `12 min`, `5 h`, `3 d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/**
 * Decimal text with thousands separated, rounded half up to at most `decimals` decimals: to look at, not to compute with.
 * A price below 1 keeps the decimals that it has, up to 6.
 */
export function formatDecimal(text: string, decimals: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const places =
    decimals > 0 && /^0*$/.test(whole) ? Math.max(decimals, Math.min(6, fraction.length)) : decimals;
  let digits = BigInt(`${whole}${fraction.padEnd(places, '0').slice(0, places)}`);
  if (Number(fraction[places] ?? '0') >= 5) digits += 1n;
  const padded = digits.toString().padStart(places + 1, '0');
  const left = padded.slice(0, padded.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  return places === 0 ? left : `${left}.${padded.slice(padded.length - places)}`;
}

/** Columns padded to their widest cell; the first `left` columns to the left, the others to the right. */
export function formatTable(rows: readonly (readonly string[])[], left = 1): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
