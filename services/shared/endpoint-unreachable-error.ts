/** Nobody answers at the endpoint that stands in for AWS. Has the code of its cause, such as ECONNREFUSED. */
export class EndpointUnreachableError extends Error {
  override name = 'EndpointUnreachableError';
  readonly code: string | undefined;
  constructor(endpoint: string, cause: NodeJS.ErrnoException) {
    super(
      `Nothing answers at ${endpoint}, the endpoint in place of AWS (${cause.message || cause.code}): set AWS_ENDPOINT_URL to where it is; \`fibbars up\` prints its own, which has a new port at each start. Without AWS_ENDPOINT_URL a command finds the pipeline of its data folder`,
      { cause },
    );
    this.code = cause.code;
  }
}

/** What the system says when a host or its port is not there; the SDK has no code of its own for no answer in time. */
const codes: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** A middleware for the SDK's first step, where the retries are over: tells which endpoint it is that does not answer. */
export function naming(endpoint: string) {
  return <Args, Answer>(next: (args: Args) => Promise<Answer>) =>
    async (args: Args): Promise<Answer> => {
      try {
        return await next(args);
      } catch (error) {
        throw isNobody(error) ? new EndpointUnreachableError(endpoint, error) : error;
      }
    };
}

function isNobody(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && (error.name === 'TimeoutError' || ('code' in error && codes.has(error.code)))
  );
}
