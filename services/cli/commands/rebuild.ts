import { requestRebuild } from '../../resampler/rebuild.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted } from '../format.ts';
import { type ChangeDeps, stoppedEarly, withOthers, workIn } from './work-in.ts';

/** Recomputes the symbols, or all, and writes what differs. A symbol of which nothing is stored is an exit code of 1. */
export async function rebuild(deps: ChangeDeps, symbols: readonly string[] | undefined): Promise<number> {
  const { place, output } = deps;
  const requested = await requestRebuild(place.db, symbols);
  const { unknown } = requested;
  const worked = await workIn(deps, requested);
  output.document({ ...worked, unknown });
  if (worked.complete && (worked.changeId !== null || unknown.length === 0)) {
    output.say(
      `${counted(worked.symbols, 'symbol')} recomputed: ${counted(worked.changedRows, 'row of silver differed and was', 'rows of silver differed and were')} rewritten${withOthers(worked)}`,
    );
  }
  if (unknown.length > 0) {
    output.say(
      `Nothing is stored for: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ', …' : ''}. Symbols are case-sensitive`,
    );
  }
  if (!worked.complete) output.say(stoppedEarly);
  return worked.complete && unknown.length === 0 ? exitCodes.done : exitCodes.failed;
}
