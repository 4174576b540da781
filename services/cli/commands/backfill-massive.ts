import {
  backfillMassive,
  type MassiveBackfillReport,
  type MassiveBackfillRequest,
} from '../../fetcher/massive/backfill-massive.ts';
import type { MassiveDeps } from '../../fetcher/massive/grouped-daily.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import { type BackfillDeps, sayBackfill } from './backfill.ts';
import { saySplits } from './say-splits.ts';

/** Takes in history from Massive. */
export async function runMassiveBackfill(
  deps: BackfillDeps & MassiveDeps,
  request: Omit<MassiveBackfillRequest, 'signal' | 'onSymbol' | 'onProgress'>,
): Promise<MassiveBackfillReport> {
  const symbols = progressBar(deps.output, 'massive', 'symbols');
  const sessions = progressBar(deps.output, 'bronze', 'sessions');
  try {
    return await backfillMassive(deps, {
      ...request,
      signal: deps.signal,
      onSymbol: (done) => symbols.update(done, request.symbols?.size ?? done),
      onProgress({ done, total }) {
        symbols.stop();
        sessions.update(done, total);
      },
    });
  } finally {
    symbols.stop();
    sessions.stop();
  }
}

/** Says what came of it. What failed is an exit code of 1; a session that is not published yet is not. */
export function reportMassiveBackfill(output: Output, report: MassiveBackfillReport): number {
  const { failed, failedSymbols, splits, complete } = report;
  output.document(report);
  for (const { symbol, error } of failedSymbols) output.say(`${symbol} failed: ${error}`);
  if (failedSymbols.length > 0) {
    output.say(
      `${counted(failedSymbols.length, 'symbol is', 'symbols are')} left out: check the spelling, upper and lower case differ`,
    );
  }
  sayBackfill(output, report, { source: 'the answers', noBars: ['has no bars', 'have no bars'] });
  saySplits(output, splits);
  const whole = complete && failed.length + failedSymbols.length === 0 && splits.error === null;
  return whole ? exitCodes.done : exitCodes.failed;
}
