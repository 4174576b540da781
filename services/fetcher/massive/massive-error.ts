/** What can be wrong with a call, and what to do about it. */
const remedies = {
  'key refused': 'check MASSIVE_API_KEY (or POLYGON_API_KEY)',
  'not entitled': 'the plan of your key does not include this',
  'too early': 'the plan of your key publishes this later',
  'too old': 'the plan of your key does not reach that day: ask for later ones (--from)',
  'too many calls': 'set MASSIVE_CALLS_PER_MINUTE to what your plan allows, or try again later',
  unavailable: 'try again later',
  unreachable: 'check the network and MASSIVE_BASE_URL',
  'cut off': 'try again later',
  'not JSON': 'check MASSIVE_BASE_URL, and that no proxy or login page answers in its place',
  empty: 'try again later',
  incomplete: 'try again later',
  'another host': 'the key is sent to the host of MASSIVE_BASE_URL alone',
  'not found': 'check MASSIVE_BASE_URL',
  'bad request': 'it was not understood there',
  'bad answer': 'nothing of it was used',
} as const;

export type MassiveProblem = keyof typeof remedies;

/** What may be gone a moment later. */
const transient: ReadonlySet<MassiveProblem> = new Set([
  'too many calls',
  'unavailable',
  'unreachable',
  'cut off',
  'not JSON',
  'empty',
  'incomplete',
]);

export type MassiveErrorDetails = {
  readonly problem: MassiveProblem;
  /** Shown without the key that it may hold. */
  readonly url: URL;
  /** In the words of the answer where it has some; the caller sees to it that the key is not in there. */
  readonly found: string;
  /** Not to be tried again, though its problem is one that may pass. */
  readonly final?: boolean;
  readonly cause?: unknown;
};

/** A call that gave nothing to use. Its message has the address without the key. */
export class MassiveError extends Error {
  override name = 'MassiveError';
  readonly problem: MassiveProblem;
  /** Whether another try may succeed. */
  readonly transient: boolean;
  private readonly details: MassiveErrorDetails;
  constructor(details: MassiveErrorDetails, tries = 1) {
    const { problem, url, found, final, cause } = details;
    const after = tries === 1 ? '' : ` after ${tries} tries`;
    super(`${shownUrl(url)}: ${problem}${after} (${found}): ${remedies[problem]}`, { cause });
    this.problem = problem;
    this.transient = final !== true && transient.has(problem);
    this.details = details;
  }

  afterTries(tries: number): MassiveError {
    return new MassiveError(this.details, tries);
  }
}

/** Without parameters that are keys. */
export function withoutKey(url: URL): URL {
  const clean = new URL(url);
  const keys = url.searchParams.keys().filter((name) => /^api[_-]?key$/i.test(name));
  for (const name of keys) clean.searchParams.delete(name);
  return clean;
}

export function shownUrl(url: URL): string {
  return withoutKey(url).href;
}
