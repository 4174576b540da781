/** EventBridge compares numbers of at most 15 digits within this bound, and refuses others in a pattern. */
const bound = 5e9;

type Comparison = (value: number) => boolean;

/**
 * Compiles the operand of `numeric`: `["=", n]`, one bound such as `[">", n]`, or a lower and an upper one, `[">", n, "<=", m]`.
 * @param refuse makes the error to throw from what the operand should have been.
 */
export function compileNumeric(operand: unknown, refuse: (takes: string) => Error): Comparison {
  const takes = `["=", n], or a lower and/or an upper bound such as [">", n, "<=", m], with n < m and both from -${bound} to ${bound}`;
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) throw refuse(takes);
  const [first, low, second, high]: unknown[] = operand;
  if (!isInBound(low)) throw refuse(takes);
  if (operand.length === 2) return comparison(first, low) ?? fail(refuse(takes));
  if (!isInBound(high) || low >= high || !isOneOf(first, '>', '>=') || !isOneOf(second, '<', '<=')) {
    throw refuse(takes);
  }
  const above = comparison(first, low);
  const below = comparison(second, high);
  return (value) => above?.(value) === true && below?.(value) === true;
}

function comparison(operator: unknown, limit: number): Comparison | undefined {
  switch (operator) {
    case '=':
      return (value) => value === limit;
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    default:
      return undefined;
  }
}

function isInBound(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= bound;
}

function isOneOf(value: unknown, ...operators: string[]): boolean {
  return operators.some((operator) => operator === value);
}

function fail(error: Error): never {
  throw error;
}
