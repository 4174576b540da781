import { ContractError } from './contract-error.ts';
import type { SchemaViolation, Validator } from './generated/validators.js';

/**
 * Asserts that `value` keeps its schema.
 * @param name what the message is called in an error, for example BarsIngested.
 * @throws {ContractError} naming the path, what was found there and what was expected.
 */
export function checkContract<T>(name: string, validate: Validator<T>, value: unknown): asserts value is T {
  if (validate(value)) return;
  const violation = validate.errors?.[0];
  throw new ContractError(violation ? describe(name, value, violation) : `${name} breaks its contract`);
}

function describe(name: string, value: unknown, violation: SchemaViolation): string {
  const path = violation.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (violation.keyword === 'required') {
    return `${name} ${[...path, String(violation.params['missingProperty'])].join('.')} is missing`;
  }
  const expected = violation.message ?? `must keep ${violation.keyword}`;
  const allowed = violation.params['allowedValues'];
  const choices = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
  return `${[name, path.join('.')].filter(Boolean).join(' ')} is ${show(at(value, path))}: ${expected}${choices}`;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
