export type FlatFilePlace = { readonly file: string; readonly line: number; readonly field?: string };

/** A day file that cannot be trusted as a whole: nothing of it is stored. */
export class FlatFileError extends Error {
  override name = 'FlatFileError';
  readonly file: string;
  readonly line: number;
  readonly field: string | undefined;
  /** The message without the place. */
  readonly problem: string;
  constructor(place: FlatFilePlace, problem: string, options?: ErrorOptions) {
    const field = place.field === undefined ? '' : `, field ${place.field}`;
    super(`${place.file}, line ${place.line}${field}: ${problem}`, options);
    this.file = place.file;
    this.line = place.line;
    this.field = place.field;
    this.problem = problem;
  }
}
