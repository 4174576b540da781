import { InvalidEventPatternError } from './event-pattern-error.ts';
import { compileExpression, isObject, type Scalar, type Test } from './event-pattern-operators.ts';

export type EventMatcher = (event: unknown) => boolean;

type FieldTest = (value: unknown) => boolean;

/** Words of the language, which name no field inside `$or`. */
const reserved: ReadonlySet<string> = new Set([
  'prefix',
  'suffix',
  'equals-ignore-case',
  'wildcard',
  'anything-but',
  'numeric',
  'cidr',
  'exists',
]);

/** "You can't use event patterns that result in more than 1,000 rule combinations": the lengths of all `$or`, multiplied. */
const maxCombinations = 1_000;

/**
 * Compiles an EventBridge event pattern. A field that holds an array matches when any of its elements does, and fields below
 * one array must match in the same element.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 * @throws {InvalidEventPatternError} with what the service says of it.
 */
export function compileEventPattern(text: string): EventMatcher {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw new InvalidEventPatternError(`it is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(pattern)) throw new InvalidEventPatternError('Filter is not an object');
  const combinations = countCombinations(pattern);
  if (combinations > maxCombinations) {
    throw new InvalidEventPatternError(
      `$or makes ${combinations} combinations, more than ${maxCombinations} are not allowed`,
    );
  }
  return compileNode(pattern, { path: '', inOr: false });
}

type Place = { readonly path: string; readonly inOr: boolean };

function compileNode(pattern: Record<string, unknown>, place: Place): FieldTest {
  const matchesOne = compileObject(pattern, place);
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(matchesOne) : matchesOne(value));
}

/** Looks at one object, not at the elements of an array. */
function compileObject(pattern: Record<string, unknown>, { path, inOr }: Place): FieldTest {
  const tests = Object.entries(pattern).map(([name, child]): FieldTest => {
    const childPath = path === '' ? name : `${path}.${name}`;
    if (name === '$or') return compileOr(child, path);
    if (inOr && reserved.has(name)) {
      throw new InvalidEventPatternError(
        `${name} is Ruler reserved fieldName which cannot be used inside $or.`,
        childPath,
      );
    }
    const test = compileField(child, { path: childPath, inOr });
    // What is no object has none of the fields, so that only `exists: false` matches below it.
    return (value) => test(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  });
  if (tests.length === 0) throw new InvalidEventPatternError('Empty objects are not allowed', path);
  return (value) => tests.every((test) => test(value));
}

function compileField(child: unknown, place: Place): FieldTest {
  if (Array.isArray(child)) return compileLeaf(child, place.path);
  if (isObject(child)) return compileNode(child, place);
  throw new InvalidEventPatternError(`"${place.path}" must be an object or an array`);
}

function compileOr(alternatives: unknown, path: string): FieldTest {
  if (!Array.isArray(alternatives)) {
    throw new InvalidEventPatternError('It must be an Array followed with $or.', path);
  }
  if (!alternatives.every(isObject)) {
    throw new InvalidEventPatternError('Only JSON object is allowed in array of $or relationship.', path);
  }
  if (alternatives.length < 2) {
    throw new InvalidEventPatternError('There must have at least 2 Objects in $or relationship.', path);
  }
  const tests = alternatives.map((alternative) => compileObject(alternative, { path, inOr: true }));
  return (value) => tests.some((test) => test(value));
}

function compileLeaf(matchers: unknown[], path: string): FieldTest {
  if (matchers.length === 0) throw new InvalidEventPatternError('Empty arrays are not allowed', path);
  const tests: Test[] = [];
  let matchesAbsent = false;
  for (const matcher of matchers) {
    if (isScalar(matcher)) tests.push((value) => value === matcher);
    else if (!isObject(matcher)) {
      throw new InvalidEventPatternError('Match value must be String, number, true, false, or null', path);
    } else if (matcher['exists'] === false && Object.keys(matcher).length === 1) matchesAbsent = true;
    else tests.push(compileExpression(matcher, path));
  }
  return (value) => {
    const leaves = leavesOf(value);
    return leaves.length === 0 ? matchesAbsent : leaves.some((leaf) => tests.some((test) => test(leaf)));
  };
}

function countCombinations(pattern: unknown): number {
  if (Array.isArray(pattern))
    return pattern.reduce<number>((product, each) => product * countCombinations(each), 1);
  if (!isObject(pattern)) return 1;
  return Object.entries(pattern).reduce(
    (product, [name, child]) =>
      product *
      countCombinations(child) *
      (name === '$or' && Array.isArray(child) ? Math.max(1, child.length) : 1),
    1,
  );
}

function leavesOf(value: unknown): Scalar[] {
  if (isScalar(value)) return [value];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [];
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
