import { type JsonObject, numberText } from './lossless-json.ts';
import { MassiveError } from './massive-error.ts';

export type Aggregates = {
  /** In no order. */
  readonly records: readonly unknown[];
  /** Whether the answer says that its values are adjusted for splits, which was not asked for. */
  readonly adjusted: boolean;
};

/**
 * The records of an answer with aggregates.
 * @throws {MassiveError} if they are fewer than the answer itself counts.
 */
export function readAggregates(url: URL, body: JsonObject): Aggregates {
  const records = readResults(url, body);
  const counted = numberText(body['resultsCount']);
  if (counted !== undefined && Number(counted) !== records.length) {
    const found = `${records.length} of ${counted} bars`;
    throw new MassiveError({ problem: 'incomplete', url, found });
  }
  return { records, adjusted: body['adjusted'] === true };
}

/** Under load, answers are empty that should not be: asked again, they have bars. @throws {MassiveError} */
export function demandBars(url: URL, aggregates: Aggregates): Aggregates {
  if (aggregates.records.length > 0) return aggregates;
  throw new MassiveError({ problem: 'empty', url, found: 'it has no bars' });
}

/** The list under `results`; empty when that is missing or null. @throws {MassiveError} if it is something else. */
export function readResults(url: URL, body: JsonObject): readonly unknown[] {
  const results = body['results'] ?? [];
  if (Array.isArray(results)) return results;
  const found = `results is ${(JSON.stringify(results) ?? '').slice(0, 100)}, no list`;
  throw new MassiveError({ problem: 'bad answer', url, found });
}
