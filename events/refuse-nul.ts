import { ContractError } from './contract-error.ts';

/**
 * Refuses text with U+0000 in it, at any depth, which JSON may hold and PostgreSQL's text and jsonb cannot: a consumer that stores
 * it would fail each time that the message comes.
 * https://www.postgresql.org/docs/current/datatype-json.html
 * @param name what is looked through, for example BarsIngested.
 * @throws {ContractError} naming the path and what was found there.
 */
export function refuseNul(name: string, value: unknown): void {
  const path = pathOfNul(value);
  if (path === undefined) return;
  throw new ContractError(
    `${[name, path.keys.join('.')].filter(Boolean).join(' ')} is ${JSON.stringify(path.text.slice(0, 100))}: it must not hold the character U+0000, which no database text can`,
  );
}

function pathOfNul(value: unknown): { keys: string[]; text: string } | undefined {
  if (typeof value === 'string') return value.includes('\0') ? { keys: [], text: value } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = pathOfNul(child);
    if (found) return { keys: [key, ...found.keys], text: found.text };
  }
  return undefined;
}
