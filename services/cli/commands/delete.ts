import { readSymbol } from '../../../sql/queries/read-symbol.ts';
import { deleteBar } from '../../fetcher/delete-bar.ts';
import type { Client } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted } from '../format.ts';
import { type ChangeDeps, stoppedEarly, withOthers, workIn } from './work-in.ts';

export type DeleteRequest = { readonly symbol: string; readonly tradingDay: string };

/** Removes one bar and waits until silver knows. A bar that is not there is an exit code of 1. */
export async function deleteOne(deps: ChangeDeps, request: DeleteRequest): Promise<number> {
  const { place, output } = deps;
  const { symbol, tradingDay } = request;
  const restated = await deleteBar(place.db, symbol, tradingDay);
  if (restated.changeId !== null) output.say(`Deleted the bar of ${symbol} on ${tradingDay}`);
  const { symbols: _one, ...worked } = await workIn(deps, restated);
  const { complete, changedRows, changeId } = worked;
  if (changeId === null) {
    const error = await place.db.withClient((client) => explainNone(client, request));
    output.document({ symbol, tradingDay, deleted: false, error });
    process.stderr.write(`${error}\n`);
    return exitCodes.failed;
  }
  output.document({ symbol, tradingDay, deleted: true, ...worked });
  output.say(
    complete
      ? `${counted(changedRows, 'row of silver', 'rows of silver')} written or removed${withOthers(worked)}`
      : stoppedEarly,
  );
  return complete ? exitCodes.done : exitCodes.failed;
}

async function explainNone(client: Client, { symbol, tradingDay }: DeleteRequest): Promise<string> {
  const known = await readSymbol(client, symbol);
  if (known === undefined || known.firstDate === null) {
    return `Nothing is stored for ${JSON.stringify(symbol)}: nothing was deleted. Symbols are case-sensitive`;
  }
  return `${symbol} has no bar on ${tradingDay}: nothing was deleted. It has ${counted(known.barCount, 'bar')}, ${known.firstDate} to ${known.lastDate}`;
}
