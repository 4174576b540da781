import { AwsError } from '../aws-error.ts';

export type Input = Record<string, unknown>;
export type Operations = Record<string, (input: Input) => object>;

/** @throws {AwsError} ValidationException if the member is missing or no text. */
export function textOf(input: Input, member: string): string {
  const value = input[member];
  if (typeof value !== 'string' || value === '') {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

/** @throws {AwsError} ValidationException naming the first member that the local cloud does not implement. */
export function refuseMembers(what: string, input: object, members: readonly string[]): void {
  const found = members.find((member) => Object.hasOwn(input, member));
  if (found)
    throw new AwsError('ValidationException', `The local cloud does not implement ${found} of ${what}`);
}

export function startsWith(name: string, prefix: unknown): boolean {
  return typeof prefix !== 'string' || name.startsWith(prefix);
}
