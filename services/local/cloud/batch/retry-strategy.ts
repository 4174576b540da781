import { clientError, type ExitRule, type RetryStrategy } from './batch-types.ts';

export type AttemptEnd = {
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
  readonly statusReason: string;
};

/**
 * Whether a failed attempt is followed by another. The first rule of which every condition matches decides; none means retry.
 * https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 * @param attempts those made so far, this one included.
 */
export function retries(strategy: RetryStrategy, attempts: number, end: AttemptEnd): boolean {
  if (attempts >= strategy.attempts) return false;
  const rule = strategy.evaluateOnExit.find((each) => matches(each, end));
  return rule ? rule.action.toUpperCase() === 'RETRY' : true;
}

function matches(rule: ExitRule, end: AttemptEnd): boolean {
  return (
    glob(rule.onStatusReason, end.statusReason) &&
    glob(rule.onReason, end.reason ?? '') &&
    glob(rule.onExitCode, end.exitCode === undefined ? '' : String(end.exitCode))
  );
}

function glob(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** @throws {AwsError} if Batch would not take it. */
export function checkRetryStrategy(input: unknown): RetryStrategy {
  const { attempts = 1, evaluateOnExit = [] } = (input ?? {}) as Partial<RetryStrategy>;
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 10) {
    throw clientError(
      `Error executing request, Exception : RetryStrategy attempts must be between 1 and 10, not ${attempts}`,
    );
  }
  if (evaluateOnExit.length > 5) {
    throw clientError(
      `Error executing request, Exception : at most 5 evaluateOnExit rules, not ${evaluateOnExit.length}`,
    );
  }
  for (const rule of evaluateOnExit) {
    const patterns = [rule.onStatusReason, rule.onReason, rule.onExitCode].filter(
      (each) => each !== undefined,
    );
    const asterisk = patterns.find((pattern) => pattern.slice(0, -1).includes('*'));
    if (asterisk !== undefined) {
      throw clientError(
        `Error executing request, Exception : in evaluateOnExit an asterisk stands only at the end: ${asterisk}`,
      );
    }
    if (patterns.length === 0 || !/^(retry|exit)$/i.test(rule.action)) {
      throw clientError(
        `Error executing request, Exception : not an evaluateOnExit rule: ${JSON.stringify(rule)}`,
      );
    }
  }
  return { attempts, evaluateOnExit };
}
