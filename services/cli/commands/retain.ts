import { sumChangedRows } from '../../../sql/queries/sum-changed-rows.ts';
import {
  previewRetention,
  type Retention,
  type RetentionPreview,
  type RetentionRequest,
  retain as retainBars,
} from '../../fetcher/retain.ts';
import type { Database } from '../../shared/database.ts';
import { exitCodes } from '../../shared/exit-code.ts';
import { counted } from '../format.ts';
import type { Output } from '../output.ts';
import { progressBar } from '../progress.ts';
import { type ChangeDeps, stoppedEarly, withOthers } from './work-in.ts';

/** Drops the bars from before a day, and waits until silver knows. A symbol that is unknown is an exit code of 1. */
export async function retain(deps: ChangeDeps, request: RetentionRequest): Promise<number> {
  const { place, output, signal } = deps;
  const bar = progressBar(output, 'bronze', 'symbols');
  const retention = await retainBars(place.db, { ...request, signal, onProgress: bar.update }).finally(
    bar.stop,
  );
  for (const line of droppedLines(retention, request)) output.say(line);
  // Also when nothing was left to drop: what a killed run has dropped may still be pending.
  await place.settle();
  const changed = await place.db.withClient((client) => sumChangedRows(client, retention.changeIds));
  const complete = retention.complete && !signal.aborted;
  output.document({ from: request.from, ...retention, ...changed, complete });
  if (!retention.complete) output.say('Stopped before the end: the same command goes on from here');
  else if (!complete) output.say(stoppedEarly);
  else if (changed.changedRows > 0) {
    const rows = counted(changed.changedRows, 'row of silver', 'rows of silver');
    output.say(`${rows} written or removed${withOthers(changed)}`);
  }
  return complete && retention.unknown.length === 0 ? exitCodes.done : exitCodes.failed;
}

/** Says what `retain` would drop. */
export async function retainDryRun(db: Database, output: Output, request: RetentionRequest): Promise<number> {
  const preview = await previewRetention(db, request);
  output.document({ from: request.from, dryRun: true, ...preview });
  const bars = `${counted(preview.droppedBars, 'bar')} of ${counted(preview.droppedSymbols, 'symbol')}`;
  output.say(`Would drop ${bars}, from before ${request.from}; nothing was changed`);
  for (const line of unknownLines(preview)) output.say(line);
  return preview.unknown.length === 0 ? exitCodes.done : exitCodes.failed;
}

function droppedLines(retention: Retention, { from }: RetentionRequest): string[] {
  const { symbols, droppedSymbols, droppedBars } = retention;
  const lines: string[] = [];
  if (droppedBars > 0) {
    lines.push(
      `Dropped ${counted(droppedBars, 'bar')} of ${counted(droppedSymbols, 'symbol')}, from before ${from}`,
    );
  } else if (symbols > 0) {
    lines.push(
      `No bar is from before ${from}: nothing was dropped. From now on such a bar of ${counted(symbols, 'symbol')} goes to quarantine`,
    );
  } else if (retention.complete) {
    lines.push(`Nothing changed: no symbol has bars from before ${from}, and none takes such bars`);
  }
  return [...lines, ...unknownLines(retention)];
}

function unknownLines({ unknown }: RetentionPreview): string[] {
  if (unknown.length === 0) return [];
  return [
    `Nothing is stored for: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ', …' : ''}. Symbols are case-sensitive`,
  ];
}
