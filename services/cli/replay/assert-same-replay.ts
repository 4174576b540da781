import type { ReplayRange } from '../../../sql/queries/replay-days.ts';
import { UsageError } from '../../shared/exit-code.ts';

/**
 * A replay goes on with the symbols that it was begun with: its days of before count as told, and were told of those alone. Days
 * more, before or after, are more of the same; with fewer it would end as if it were whole.
 * @throws {UsageError} if it was begun with other symbols, or with days that it would leave out.
 */
export function assertSameReplay(id: string, begun: ReplayRange, now: ReplayRange): void {
  const same = namesOf(begun) === namesOf(now) && now.from <= begun.from && begun.to <= now.to;
  if (same) return;
  throw new UsageError(
    `Replay ${id} was begun with ${inWords(begun)}, and is asked to go on with ${inWords(now)}: repeat what it was begun with (it may take more days), or leave --id out to begin another replay`,
  );
}

function namesOf({ symbols }: ReplayRange): string {
  return symbols === null ? 'all' : [...new Set(symbols)].toSorted().join();
}

/** As options, for people. */
function inWords({ from, to, symbols }: ReplayRange): string {
  const range = `--from ${from} --to ${to}`;
  if (symbols === null) return `${range} and all symbols`;
  const more = symbols.length > mostShown ? `,… (${symbols.length} symbols)` : '';
  return `${range} --symbols ${symbols.slice(0, mostShown).join()}${more}`;
}

const mostShown = 10;
