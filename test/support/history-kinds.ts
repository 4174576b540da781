/** Names for what happens to a symbol, to show that random histories leave nothing out. */
import { addDays } from '../../services/shared/calendar/day.ts';
import type { ModelHistory, ModelSymbol } from './bronze-model.ts';
import { days, firstDay } from './random-histories.ts';

export const allKinds = [
  'first bars',
  'late start',
  'append',
  'append several',
  'stop and come back',
  'correct',
  'insert before the first',
  'insert in the middle',
  'delete the first',
  'delete in the middle',
  'delete the last',
  'delete all',
  'split',
  'second split',
  'reverse split',
  'split to come',
  'corrected split',
  'removed split',
] as const;
export type Kind = (typeof allKinds)[number];

/** What happened between two models of a symbol. */
export function kindsBetween(from: ModelSymbol, to: ModelSymbol): Kind[] {
  return [...barKinds(from.history, to.history), ...splitKinds(from, to)];
}

function barKinds(from: ModelHistory, to: ModelHistory): Kind[] {
  const [before, after] = [[...from.keys()].toSorted(), [...to.keys()].toSorted()];
  const [first, last] = [before[0], before.at(-1)];
  if (first === undefined || last === undefined) {
    if (after[0] === undefined) return [];
    return after[0] > addDays(firstDay, days / 2) ? ['first bars', 'late start'] : ['first bars'];
  }
  const found: Kind[] = [];
  const appended = after.filter((date) => date > last);
  if (appended[0] !== undefined) {
    found.push(appended.length === 1 ? 'append' : 'append several');
    if (appended[0] >= addDays(last, 30)) found.push('stop and come back');
  }
  for (const [date, bar] of to) {
    const stored = from.get(date);
    if (stored !== undefined && JSON.stringify(stored) !== JSON.stringify(bar)) found.push('correct');
    if (stored === undefined && date < first) found.push('insert before the first');
    if (stored === undefined && date > first && date < last) found.push('insert in the middle');
  }
  for (const date of before.filter((each) => !to.has(each))) {
    if (to.size === 0) found.push('delete all');
    if (date === first) found.push('delete the first');
    else if (date === last) found.push('delete the last');
    else found.push('delete in the middle');
  }
  return found;
}

function splitKinds(
  { history, splits: before = new Map() }: ModelSymbol,
  { splits: after = new Map() }: ModelSymbol,
): Kind[] {
  if (history.size === 0) return [];
  const last = [...history.keys()].toSorted().at(-1) ?? '';
  const found: Kind[] = [];
  for (const [exDate, [from, to]] of after) {
    const stored = before.get(exDate);
    if (stored?.join() === `${from},${to}`) continue;
    if (stored !== undefined) found.push('corrected split');
    else found.push(before.size === 0 ? 'split' : 'second split');
    if (Number(from) > Number(to)) found.push('reverse split');
    if (exDate > last) found.push('split to come');
  }
  for (const exDate of before.keys()) if (!after.has(exDate)) found.push('removed split');
  return found;
}
