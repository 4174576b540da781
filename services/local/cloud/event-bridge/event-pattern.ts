import { compileNumeric } from './numeric-expression.ts';

export type EventMatcher = (event: unknown) => boolean;

export class InvalidEventPatternError extends Error {
  override name = 'InvalidEventPatternError';
  constructor(reason: string) {
    super(`Event pattern is not valid. Reason: ${reason}`);
  }
}

type Scalar = string | number | boolean | null;
type Test = (value: Scalar) => boolean;
type FieldTest = (value: unknown) => boolean;

const knownOperators = 'prefix, anything-but, numeric, exists';

/**
 * Compiles an EventBridge event pattern: exact values, prefix, anything-but, numeric, exists; a field that holds an array
 * matches when any of its elements does, and fields below one array must match in the same element.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws {InvalidEventPatternError} naming the operator, if the pattern uses any other.
 */
export function compileEventPattern(text: string): EventMatcher {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw new InvalidEventPatternError(`it is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(pattern)) throw new InvalidEventPatternError('Filter is not an object');
  return compileNode(pattern, '');
}

function compileNode(pattern: Record<string, unknown>, path: string): FieldTest {
  const fields = Object.entries(pattern).map(([name, child]): [string, FieldTest] => {
    const childPath = path === '' ? name : `${path}.${name}`;
    if (name.startsWith('$')) throw unknown(name, childPath);
    if (Array.isArray(child)) return [name, compileLeaf(child, childPath)];
    if (isObject(child)) return [name, compileNode(child, childPath)];
    throw new InvalidEventPatternError(`"${childPath}" must be an object or an array`);
  });
  if (fields.length === 0) {
    throw new InvalidEventPatternError(`Empty objects are not allowed${path && ` at "${path}"`}`);
  }
  // What is no object has none of the fields, so that only `exists: false` matches below it.
  const matchesOne = (value: unknown) =>
    fields.every(([name, test]) =>
      test(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    );
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(matchesOne) : matchesOne(value));
}

function compileLeaf(matchers: unknown[], path: string): FieldTest {
  if (matchers.length === 0) throw new InvalidEventPatternError(`Empty arrays are not allowed at "${path}"`);
  const tests: Test[] = [];
  let matchesAbsent = false;
  for (const matcher of matchers) {
    if (isScalar(matcher)) {
      tests.push((value) => value === matcher);
    } else if (isObject(matcher)) {
      const [operator, operand] = onlyEntry(matcher, path);
      if (operator === 'exists' && operand === false) matchesAbsent = true;
      else tests.push(compileOperator(operator, operand, path));
    } else {
      throw new InvalidEventPatternError(`"${path}" holds an array inside its array of values`);
    }
  }
  return (value) => {
    const leaves = leavesOf(value);
    return leaves.length === 0 ? matchesAbsent : leaves.some((leaf) => tests.some((test) => test(leaf)));
  };
}

function compileOperator(operator: string, operand: unknown, path: string): Test {
  switch (operator) {
    case 'exists':
      if (operand !== true) throw wrongOperand(operator, path, 'true or false');
      return () => true;
    case 'prefix': {
      const prefix = prefixOf(operand, operator, path);
      return (value) => typeof value === 'string' && value.startsWith(prefix);
    }
    case 'numeric': {
      const inRange = compileNumeric(operand, (reason) => wrongOperand(operator, path, reason));
      return (value) => typeof value === 'number' && inRange(value);
    }
    case 'anything-but':
      return compileAnythingBut(operand, path);
    default:
      throw unknown(operator, path);
  }
}

function compileAnythingBut(operand: unknown, path: string): Test {
  if (isObject(operand)) {
    const [operator, inner] = onlyEntry(operand, path);
    if (operator !== 'prefix') throw unknown(`anything-but ${operator}`, path);
    const prefixes = (Array.isArray(inner) ? inner : [inner]).map((each: unknown) =>
      prefixOf(each, 'anything-but prefix', path),
    );
    return (value) => typeof value !== 'string' || !prefixes.some((prefix) => value.startsWith(prefix));
  }
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const types = new Set(values.map((value) => typeof value));
  const [type] = types;
  if (types.size !== 1 || (type !== 'string' && type !== 'number')) {
    throw wrongOperand('anything-but', path, 'a string, a number, or a list of only strings or only numbers');
  }
  return (value) => !values.includes(value);
}

function prefixOf(operand: unknown, operator: string, path: string): string {
  if (isObject(operand)) throw unknown(`${operator} ${Object.keys(operand).join(', ')}`, path);
  if (typeof operand !== 'string') throw wrongOperand(operator, path, 'a string');
  return operand;
}

function onlyEntry(matcher: Record<string, unknown>, path: string): [string, unknown] {
  const [entry, second] = Object.entries(matcher);
  if (!entry || second) {
    throw new InvalidEventPatternError(`A match expression takes exactly one operator at "${path}"`);
  }
  return entry;
}

function unknown(operator: string, path: string): InvalidEventPatternError {
  return new InvalidEventPatternError(
    `Unrecognized match type ${operator} at "${path}": this cloud knows exact values, ${knownOperators}`,
  );
}

function wrongOperand(operator: string, path: string, takes: string): InvalidEventPatternError {
  return new InvalidEventPatternError(`${operator} at "${path}" takes ${takes}`);
}

function leavesOf(value: unknown): Scalar[] {
  if (isScalar(value)) return [value];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [];
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
