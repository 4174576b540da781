import type { Mutant } from './mutants.ts';

export class StaleMutantError extends Error {
  override name = 'StaleMutantError';
  constructor({ file, find, breaks }: Mutant, found: number) {
    super(
      `test/mutants/mutants.ts, "${breaks}": ${JSON.stringify(find)} stands ${found} times in services/resampler/${file}, not once: write down the text that is there now`,
    );
  }
}

/**
 * The source with the fault in it.
 * @throws {StaleMutantError} if its text is not there exactly once.
 */
export function applyMutant(source: string, mutant: Mutant): string {
  const parts = source.split(mutant.find);
  if (parts.length !== 2) throw new StaleMutantError(mutant, parts.length - 1);
  return parts.join(mutant.put);
}
