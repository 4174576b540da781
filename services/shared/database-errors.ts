/** What can go wrong between a program and its database, and which of it may pass. */

export class CommitOutcomeUnknownError extends Error {
  override name = 'CommitOutcomeUnknownError';
  constructor(cause: unknown) {
    super('The connection broke during COMMIT and the outcome is unknown: look before doing it again', {
      cause,
    });
  }
}

export class DatabaseUnreachableError extends Error {
  override name = 'DatabaseUnreachableError';
  constructor(connectionString: string, cause: unknown) {
    const reason = cause instanceof Error ? describeConnectError(cause) : String(cause);
    super(
      `No connection to PostgreSQL at ${withoutPassword(connectionString)}: ${reason}. Check DATABASE_URL and that the server runs`,
      { cause },
    );
  }
}

/** SQLSTATEs by their names in the manual's appendix A. */
const sqlState = {
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  cannotConnectNow: '57P03',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  invalidAuthorizationSpecification: '28000',
  tooManyConnections: '53300',
} as const;

const transientStates: ReadonlySet<string> = new Set([
  sqlState.serializationFailure,
  sqlState.deadlockDetected,
]);
const lostStates: ReadonlySet<string> = new Set([
  sqlState.adminShutdown,
  sqlState.crashShutdown,
  sqlState.cannotConnectNow,
]);
/** 28000 is what a waking Aurora may say, and 53300 passes when others leave. */
const connectRetryStates: ReadonlySet<string> = new Set([
  ...lostStates,
  sqlState.invalidAuthorizationSpecification,
  sqlState.tooManyConnections,
]);
const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);

/** Whether repeating the transaction from its start may succeed. */
export function isRetryable(error: unknown): boolean {
  return transientStates.has(codeOf(error)) || isConnectionLost(error);
}

/** Not by the program's own doing: the same again, on another connection, may succeed. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof CommitOutcomeUnknownError || error instanceof DatabaseUnreachableError) return false;
  const code = codeOf(error);
  if (networkCodes.has(code) || lostStates.has(code)) return true;
  // The driver gives a broken connection no code, only these sentences.
  return (
    code === '' &&
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(error.message)
  );
}

export function withoutPassword(connectionString: string): string {
  return connectionString
    .replace(/(\/\/[^:/@]*):[^@/]*@/, '$1:***@')
    .replace(/([?&]password=)[^&]*/, '$1***');
}

export function isRetryableConnect(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isRetryableConnect);
  return connectRetryStates.has(codeOf(error)) || isConnectionLost(error) || isTimeout(error);
}

/** Nobody listens there, while a paused Aurora lets those who connect wait. */
export function isRefused(error: unknown): boolean {
  return codeOf(error) === 'ECONNREFUSED';
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout/i.test(error.message);
}

function describeConnectError(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((each: Error) => each.message).join('; ');
  return error.message || codeOf(error) || error.name;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
