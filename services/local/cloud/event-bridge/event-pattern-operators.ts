/**
 * What stands in the lists of an event pattern: `{ "prefix": "a" }` and the others. The words of the errors are those of
 * https://github.com/aws/event-ruler, with which the service matches.
 */
import { BlockList, isIP } from 'node:net';
import { InvalidEventPatternError } from './event-pattern-error.ts';
import { compileNumeric } from './numeric-expression.ts';

export type Scalar = string | number | boolean | null;
export type Test = (value: Scalar) => boolean;

/** @throws {InvalidEventPatternError} if the expression has not exactly one operator that the service knows, with what that takes. */
export function compileExpression(expression: Record<string, unknown>, path: string): Test {
  const [operator, operand] = onlyEntry(expression, path, 'Match expression name not found');
  switch (operator) {
    case 'exists':
      if (operand !== true)
        throw new InvalidEventPatternError('exists match pattern must be either true or false.', path);
      return () => true;
    case 'prefix':
    case 'suffix':
      return compileEnd(operator, operand, path);
    case 'equals-ignore-case':
    case 'wildcard':
      return compileText(operator, operand, path);
    case 'numeric': {
      const inRange = compileNumeric(operand, (reason) => new InvalidEventPatternError(reason, path));
      return (value) => typeof value === 'number' && inRange(value);
    }
    case 'cidr':
      return compileCidr(operand, path);
    case 'anything-but':
      return compileAnythingBut(operand, path);
    default:
      throw new InvalidEventPatternError(`Unrecognized match type ${operator}`, path);
  }
}

type TextOperator = 'prefix' | 'suffix' | 'equals-ignore-case' | 'wildcard';

type TextTest = (value: string) => boolean;

const textOperators: Readonly<Record<TextOperator, (text: string, path: string) => TextTest>> = {
  prefix: (text) => (value) => value.startsWith(text),
  suffix: (text) => (value) => value.endsWith(text),
  'equals-ignore-case': (text) => (value) => value.toLowerCase() === text.toLowerCase(),
  wildcard: compileWildcard,
};

function compileText(operator: TextOperator, operand: unknown, path: string): Test {
  if (typeof operand !== 'string') {
    throw new InvalidEventPatternError(`${operator} match pattern must be a string`, path);
  }
  const matches = textOperators[operator](operand, path);
  return (value) => typeof value === 'string' && matches(value);
}

/** `"a"`, or `{ "equals-ignore-case": "a" }`. */
function compileEnd(operator: 'prefix' | 'suffix', operand: unknown, path: string): Test {
  if (!isObject(operand)) return compileText(operator, operand, path);
  const name = operator === 'prefix' ? 'Prefix' : 'Suffix';
  const [inner, text] = onlyEntry(operand, path, `${name} expression name not found`);
  if (inner !== 'equals-ignore-case') {
    throw new InvalidEventPatternError(`Unsupported ${operator} pattern: ${inner}`, path);
  }
  if (typeof text !== 'string') {
    throw new InvalidEventPatternError('equals-ignore-case match pattern must be a string', path);
  }
  const matches = textOperators[operator](text.toLowerCase(), path);
  return (value) => typeof value === 'string' && matches(value.toLowerCase());
}

/** A string, a number, a list of one of them, or `{ prefix | suffix | equals-ignore-case | wildcard: string or strings }`. */
function compileAnythingBut(operand: unknown, path: string): Test {
  if (isObject(operand)) {
    const [operator, inner] = onlyEntry(operand, path, 'Anything-But expression name not found');
    if (!isTextOperator(operator)) {
      throw new InvalidEventPatternError(`Unsupported anything-but pattern: ${operator}`, path);
    }
    const tests = listOf(inner, path).map((text) => {
      if (text === '' && (operator === 'prefix' || operator === 'suffix'))
        throw new InvalidEventPatternError('Null prefix/suffix not allowed', path);
      return compileText(operator, text, path);
    });
    return (value) => !tests.some((test) => test(value));
  }
  if (!Array.isArray(operand) && typeof operand !== 'string' && typeof operand !== 'number') {
    throw new InvalidEventPatternError(
      'Value of anything-but must be an array or single string/number value.',
      path,
    );
  }
  const values = listOf(operand, path);
  const types = new Set(values.map((value) => typeof value));
  if (![...types].every((type) => type === 'string' || type === 'number')) {
    throw new InvalidEventPatternError(
      'Inside anything but list, start|null|boolean is not supported.',
      path,
    );
  }
  if (types.size !== 1) {
    throw new InvalidEventPatternError(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
      path,
    );
  }
  return (value) => !values.includes(value);
}

function listOf(operand: unknown, path: string): unknown[] {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length === 0) throw new InvalidEventPatternError('Empty arrays are not allowed', path);
  return list;
}

/** `*` stands for any characters, also none; a backslash makes `*` and itself ordinary. */
function compileWildcard(text: string, path: string): TextTest {
  const parts = [''];
  for (let at = 0; at < text.length; at++) {
    const [character = '', next] = [text[at], text[at + 1]];
    if (character === '*') {
      if (next === '*')
        throw new InvalidEventPatternError(`Consecutive wildcard characters at pos ${at + 1}`, path);
      parts.push('');
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\')
        throw new InvalidEventPatternError(`Invalid escape character at pos ${at + 1}`, path);
      parts.push((parts.pop() ?? '') + next);
      at++;
    } else parts.push((parts.pop() ?? '') + character);
  }
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first)) return false;
    let at = first.length;
    for (const part of others) {
      const found = value.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return value.length - last.length >= at && value.endsWith(last);
  };
}

function compileCidr(operand: unknown, path: string): Test {
  if (typeof operand !== 'string') {
    throw new InvalidEventPatternError('prefix match pattern must be a string', path);
  }
  const [address = '', bits, ...more] = operand.split('/');
  const refuse = (reason: string) => new InvalidEventPatternError(reason, path);
  if (bits === undefined || more.length > 0) throw refuse("Malformed CIDR, one '/' required");
  if (!/^-?\d+$/.test(bits)) throw refuse('Malformed CIDR, mask bits must be an integer');
  const prefix = Number(bits);
  if (prefix < 0) throw refuse('Malformed CIDR, mask bits must not be negative');
  const version = versionOf(address);
  if (version === undefined) throw refuse(`Nonstandard IP address: ${address}`);
  const size = version === 'ipv4' ? 32 : 128;
  if (prefix >= size) throw refuse(`${version.replace('ip', 'IP')} mask bits must be < ${size}`);
  const block = new BlockList();
  block.addSubnet(address, prefix, version);
  return (value) => typeof value === 'string' && versionOf(value) === version && block.check(value, version);
}

function versionOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}

function onlyEntry(expression: Record<string, unknown>, path: string, none: string): [string, unknown] {
  const [entry, second] = Object.entries(expression);
  if (!entry) throw new InvalidEventPatternError(none, path);
  if (second) throw new InvalidEventPatternError('Only one key allowed in match expression', path);
  return entry;
}

function isTextOperator(operator: string): operator is TextOperator {
  return Object.hasOwn(textOperators, operator);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
