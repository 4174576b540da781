/** What EventBridge answers to a pattern that it does not take, in its words and with the field. */
export class InvalidEventPatternError extends Error {
  override name = 'InvalidEventPatternError';
  /** @param path of the field in the pattern, `detail.state`; empty: the pattern itself. */
  constructor(reason: string, path = '') {
    super(`Event pattern is not valid. Reason: ${reason}${path && ` at "${path}"`}`);
  }
}
