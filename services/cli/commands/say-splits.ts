import type { TakenSplits } from '../../fetcher/massive/take-splits.ts';
import { counted } from '../format.ts';
import type { Output } from '../output.ts';

/** Says what came of the splits that were asked for. */
export function saySplits(output: Output, splits: TakenSplits): void {
  if (splits.error !== null) {
    output.say(`No splits: ${splits.error}`);
    return;
  }
  const { changed, unchanged, keptAsStored, ofAdjustedSeries, refused } = splits;
  output.say(
    `${counted(changed, 'split is', 'splits are')} new or changed, ${counted(unchanged + keptAsStored, 'was', 'were')} stored already`,
  );
  if (ofAdjustedSeries > 0) {
    output.say(
      `${counted(ofAdjustedSeries, 'split is', 'splits are')} of symbols whose bars were delivered adjusted`,
    );
  }
  for (const { record, reason } of refused) output.say(`A split is left out, ${reason}: ${record}`);
}
