/** "-5.0e9 and +5.0e9 inclusive, with 15 digits of precision": EventBridge refuses others in a pattern. */
const bound = 5e9;

type Comparison = (value: number) => boolean;

const comparisons: Readonly<Record<string, (limit: number) => Comparison>> = {
  '=': (limit) => (value) => value === limit,
  '>': (limit) => (value) => value > limit,
  '>=': (limit) => (value) => value >= limit,
  '<': (limit) => (value) => value < limit,
  '<=': (limit) => (value) => value <= limit,
};

/**
 * Compiles the operand of `numeric`: `["=", n]`, one bound such as `[">", n]`, or a lower and an upper one, `[">", n, "<=", m]`.
 * @param refuse makes the error to throw from what the service says of it.
 */
export function compileNumeric(operand: unknown, refuse: (reason: string) => Error): Comparison {
  if (!Array.isArray(operand)) throw refuse('Value of numeric must be an array.');
  const [first, low, second, high, ...more]: unknown[] = operand;
  const compare = (operator: unknown, limit: unknown, allowed: readonly string[], unknown: string) => {
    const comparison = typeof operator === 'string' ? comparisons[operator] : undefined;
    if (!comparison || !allowed.includes(String(operator))) throw refuse(`${unknown}: ${String(operator)}`);
    const name = operator === '=' ? 'equals' : String(operator);
    if (typeof limit !== 'number') throw refuse(`Value of ${name} must be numeric`);
    if (Math.abs(limit) > bound) throw refuse(`Value must be between -${bound} and ${bound}, inclusive`);
    return comparison(limit);
  };
  const from = compare(first, low, Object.keys(comparisons), 'Unrecognized numeric range operator');
  if (operand.length === 2) return from;
  if (first !== '>' && first !== '>=') throw refuse('Too many elements in numeric expression');
  const through = compare(second, high, ['<', '<='], 'Bad numeric range operator');
  if (more.length > 0) throw refuse('Too many terms in numeric range expression');
  if (Number(low) >= Number(high)) throw refuse('Bottom must be less than top');
  return (value) => from(value) && through(value);
}
