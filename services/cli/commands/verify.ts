import { type Difference, type Verification, verify as verifySilver } from '../../resampler/verify.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted, formatCount } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';

export type VerifyRequest = {
  readonly symbols?: readonly string[] | undefined;
  readonly signal: AbortSignal;
};

const mostShown = 20;

/**
 * Recomputes silver from bronze, compares, and prints what differs. A difference is an exit code of 1, and so is that nothing
 * could be compared; that some symbols are pending, as they are at any time beside a running pipeline, is not.
 */
export async function verify(db: Database, output: Output, request: VerifyRequest): Promise<number> {
  const bar = progressBar(output, 'verify', 'symbols');
  const result = await verifySilver(db, { ...request, onProgress: bar.update }).finally(bar.stop);
  output.document({ ...result, ok: isRight(result) });
  for (const line of verificationLines(result, mostShown)) output.say(line);
  return isRight(result) ? exitCodes.done : exitCodes.failed;
}

export function isRight(result: Verification): boolean {
  const inVain = result.symbols === 0 && result.pending.length > 0;
  return result.differing === 0 && result.unknown.length === 0 && !inVain;
}

/** What came of it, for people, with at most `most` of the differences. */
export function verificationLines(result: Verification, most: number): string[] {
  const lines = result.differences.slice(0, most).map(differenceLine);
  if (result.differing > lines.length) {
    lines.push(`… and ${formatCount(result.differing - lines.length)} more; --json lists up to 1,000`);
  }
  lines.push(
    `${counted(result.rows, 'bar')} of ${counted(result.symbols, 'symbol')} recomputed from bronze: ${counted(result.differing, 'difference')}`,
  );
  if (result.pending.length > 0) {
    lines.push(
      `${counted(result.pending.length, 'symbol was', 'symbols were')} NOT verified, since some of the bars are not in silver yet: ${preview(result.pending)}`,
      'Beside a running pipeline verify them later; `fibbars resample --pending` works them in now',
    );
  }
  if (result.unknown.length > 0) lines.push(`Nothing is stored for: ${preview(result.unknown)}`);
  if (result.differing > 0) {
    lines.push('`fibbars rebuild` rewrites what differs; please report how it came about');
  }
  return lines;
}

function differenceLine({ table, symbol, startDate, expected, stored }: Difference): string {
  const where = `${table} ${symbol} ${startDate}:`;
  if (expected === null) return `${where} stored, but bronze gives no such bar`;
  if (stored === null) return `${where} missing`;
  const fields = (Object.keys(expected) as (keyof typeof expected)[]).filter(
    (field) => expected[field] !== stored[field],
  );
  return `${where} ${fields.map((field) => `${field} is ${stored[field]} instead of ${expected[field]}`).join(', ')}`;
}

function preview(symbols: readonly string[]): string {
  return `${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ', …' : ''}`;
}
