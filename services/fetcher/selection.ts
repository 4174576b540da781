import { createHash } from 'node:crypto';

/** What of a delivery is wanted. */
export type Selection = {
  /** Absent: the whole market. */
  readonly symbols?: ReadonlySet<string>;
  readonly testTickers?: ReadonlySet<string>;
};

/** Names a content and what is wanted of it: the same again gives the same bars. */
export function fingerprintOf(contentSha256: string, selection: Selection): string {
  const wanted = {
    symbols: selection.symbols ? [...selection.symbols].sort() : null,
    testTickers: [...(selection.testTickers ?? [])].sort(),
  };
  return createHash('sha256')
    .update(`${contentSha256}\n${JSON.stringify(wanted)}`)
    .digest('hex');
}
