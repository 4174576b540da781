/** A failure that the page is told of: what was wrong, what the value was, what to do. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  /** Of the answer. */
  readonly status: number;
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}
