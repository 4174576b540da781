import type { Output } from '../output.ts';

/** Names symbols of a list that the source has nothing of; says nothing when there are none. */
export function sayAbsent(output: Output, symbols: readonly string[]): void {
  if (symbols.length === 0) return;
  const some = `${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ', …' : ''}`;
  output.say(`No day has a row of ${some}: check the spelling, upper and lower case differ`);
}
