import { listSplits } from '../../../sql/queries/list-splits.ts';
import { importSplits } from '../../fetcher/splits/import-splits.ts';
import { readSplitFile } from '../../fetcher/splits/read-split-file.ts';
import { removeSplit } from '../../fetcher/splits/remove-split.ts';
import type { Client } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted, formatTable } from '../format.ts';
import type { Output } from '../output.ts';
import { type ChangeDeps, stoppedEarly, type WorkedIn, withOthers, workIn } from './work-in.ts';

/** Takes in the splits of a CSV file, and waits until silver knows. */
export async function splitsImport(deps: ChangeDeps, file: string): Promise<number> {
  const { place, output } = deps;
  const splits = await readSplitFile(file);
  const imported = await importSplits(place.db, splits, { source: 'cli', producer: 'cli' });
  const worked = await workIn(deps, imported);
  const { changed, unchanged, withoutBars } = imported;
  output.document({ changed, unchanged, withoutBars, ...worked });
  output.say(
    `${counted(changed, 'split is', 'splits are')} new or changed, ${counted(unchanged, 'was', 'were')} stored already`,
  );
  if (withoutBars.length > 0) {
    output.say(
      `No bars are stored of ${withoutBars.slice(0, 10).join(', ')}${withoutBars.length > 10 ? ', …' : ''}: ${counted(withoutBars.length, 'symbol', 'symbols')} whose splits wait for them. Symbols are case-sensitive`,
    );
  }
  if (changed > 0 || !worked.complete) sayWorked(output, worked);
  return worked.complete ? exitCodes.done : exitCodes.failed;
}

/** Removes one split, and waits until silver knows. A split that is not there is an exit code of 1. */
export async function splitsRemove(
  deps: ChangeDeps,
  { symbol, exDate }: { symbol: string; exDate: string },
): Promise<number> {
  const { place, output } = deps;
  const restated = await removeSplit(place.db, symbol, exDate);
  const worked = await workIn(deps, restated);
  if (restated.changeId === null) {
    const error = `No split of ${symbol} on ${exDate} is stored: \`fibbars splits list ${symbol}\` shows what is. Symbols are case-sensitive`;
    output.document({ symbol, exDate, removed: false, error });
    process.stderr.write(`${error}\n`);
    return exitCodes.failed;
  }
  output.document({ symbol, exDate, removed: true, ...worked });
  output.say(`Removed the split of ${symbol} on ${exDate}`);
  sayWorked(output, worked);
  return worked.complete ? exitCodes.done : exitCodes.failed;
}

export async function splitsList(client: Client, output: Output, symbol?: string): Promise<number> {
  const splits = await listSplits(client, symbol);
  output.document({ splits });
  if (splits.length === 0) output.say(`No splits${symbol ? ` of ${symbol}` : ''} are stored`);
  else {
    const rows = splits.map((split) => [
      split.symbol,
      split.exDate,
      `${split.splitFrom} became ${split.splitTo}`,
      split.source,
    ]);
    for (const line of formatTable([['symbol', 'ex-date', 'shares', 'source'], ...rows], 4)) output.say(line);
  }
  return exitCodes.done;
}

function sayWorked(output: Output, worked: WorkedIn): void {
  output.say(
    worked.complete
      ? `${counted(worked.changedRows, 'row of silver', 'rows of silver')} of ${counted(worked.symbols, 'symbol')} rewritten${withOthers(worked)}`
      : stoppedEarly,
  );
}
