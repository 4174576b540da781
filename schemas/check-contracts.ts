/**
 * Compares the schemas with those of the last release, kept in released/, and validates the kept events in corpus/ by both.
 * Exits 1 with what is broken. With --keep, new events of the corpus are listed as kept. With --release, when nothing is
 * broken, the schemas of now become the released ones.
 */
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Contents, checkSchemas, compileSchemas } from './check-schemas.ts';
import { compareSchemas } from './compare-schemas.ts';
import { checkKept, keepNew } from './corpus-hashes.ts';
import type { JsonSchema } from './read-schemas.ts';

/** What a consumer reads: the events, their metadata and their envelope. Not aws/, which nobody reads but ourselves. */
const contractFiles = '*/[0-9]*.json';
/** Parts of each event, and no event. */
const parts = new Set(['Metadata', 'Envelope']);

/** An event as a test has published it. */
type KeptEvent = {
  readonly detailType: string;
  readonly detail: { readonly metadata: { readonly schemaVersion: number } };
};

/** What is broken, in words; nothing if all is well. */
export function checkContracts(folder: string): string[] {
  const read = [readFiles(folder, `released/${contractFiles}`), readFiles(folder, contractFiles)] as const;
  const kept = readFiles(folder, 'corpus/*.json');
  // What is no schema cannot be compared.
  const invalid = [...read, kept].flatMap(({ unreadable }) => unreadable);
  for (const { contents } of read) invalid.push(...checkSchemas(contents));
  if (invalid.length > 0) return invalid;
  const [released, current] = read.map(({ contents }) => toContracts(contents)) as [Contracts, Contracts];
  return [
    ...checkReleased(released, current),
    ...checkKept(folder),
    ...checkCorpus(kept.contents, released, current),
  ];
}

/** By `event/version.json`. */
type Contracts = ReadonlyMap<string, JsonSchema>;

function checkReleased(released: Contracts, current: Contracts): string[] {
  return [...released].flatMap(([file, schema]) => {
    const now = current.get(file);
    if (now === undefined) return [`version-removed: ${file} was released, and is gone`];
    return compareSchemas(schema, now).map(
      ({ rule, path, message }) => `${rule}: ${file} ${path ? `${path} ` : ''}${message}`,
    );
  });
}

function checkCorpus(contents: Contents, released: Contracts, current: Contracts): string[] {
  const byBoth = [
    ['the schema of now', compileSchemas(current)],
    ['the released schema', compileSchemas(released)],
  ] as const;
  const [kept, others] = [[...contents].filter(isKept), [...contents].filter((each) => !isKept(each))];
  const broken = kept.flatMap(([file, { detailType, detail }]) =>
    byBoth.flatMap(([words, ajv]) => {
      const validate = ajv.getSchema(idOf(current, detailType, detail.metadata.schemaVersion) ?? '');
      // A version that is not released yet.
      if (!validate) return words === 'the released schema' ? [] : [`${file}: no schema for ${detailType}`];
      return validate(detail) ? [] : [`${file} breaks ${words}: ${ajv.errorsText(validate.errors)}`];
    }),
  );
  const seen = new Set(kept.map(([, { detailType }]) => detailType));
  const missing = [...current.values()].filter(({ title }) => !parts.has(title) && !seen.has(title));
  return [
    ...others.map(([file]) => `${file} is no event: it lacks detailType or detail.metadata.schemaVersion`),
    ...broken,
    ...missing.map(({ title }) => `corpus/ has no event of ${title}`),
  ];
}

function isKept(entry: [string, unknown]): entry is [string, KeptEvent] {
  const event = entry[1] as Partial<KeptEvent> | null;
  return typeof event?.detailType === 'string' && typeof event.detail?.metadata?.schemaVersion === 'number';
}

function idOf(contracts: Contracts, title: string, version: number): string | undefined {
  return [...contracts].find(
    ([file, schema]) => schema.title === title && file.endsWith(`/${version}.json`),
  )?.[1].$id;
}

function toContracts(contents: Contents): Contracts {
  return new Map(
    [...contents].map(([file, schema]) => [file.replace(/^released\//, ''), schema as JsonSchema]),
  );
}

function readFiles(folder: string, pattern: string): { contents: Contents; unreadable: string[] } {
  const contents = new Map<string, unknown>();
  const unreadable: string[] = [];
  for (const file of globSync(pattern, { cwd: folder }).toSorted()) {
    try {
      contents.set(file, JSON.parse(readFileSync(join(folder, file), 'utf8')));
    } catch (error) {
      unreadable.push(`${file} is no JSON: ${(error as Error).message}`);
    }
  }
  return { contents, unreadable };
}

if (import.meta.main) {
  const folder = import.meta.dirname;
  if (process.argv.includes('--keep')) keepNew(folder);
  const broken = checkContracts(folder);
  for (const each of broken) process.stderr.write(`${each}\n`);
  if (broken.length > 0) {
    process.stderr.write('What may change, and how anything else does: schemas/compatibility.md\n');
    process.exitCode = 1;
  } else if (process.argv.includes('--release')) {
    for (const file of globSync(contractFiles, { cwd: folder })) {
      const copy = join(folder, 'released', file);
      if (!existsSync(dirname(copy))) mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(join(folder, file), copy);
    }
  }
}
