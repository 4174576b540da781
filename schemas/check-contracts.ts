/**
 * Compares the schemas with those of the last release, kept in released/, and validates the kept events in corpus/ by both.
 * Exits 1 with what is broken. With --release, when nothing is, the schemas of now become the released ones.
 */
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { compareSchemas } from './compare-schemas.ts';
import type { JsonSchema } from './read-schemas.ts';

/** What is ours: the events and their metadata, not what AWS tells. */
const contractFiles = '*/[0-9]*.json';
const notOurs = /^envelope\//;

/** An event as a test has published it. */
type KeptEvent = {
  readonly detailType: string;
  readonly detail: { readonly metadata: { readonly schemaVersion: number } };
};

/** What is broken, in words; nothing if all is well. */
export function checkContracts(folder: string): string[] {
  const [released, current] = [readContracts(join(folder, 'released')), readContracts(folder)];
  return [...checkReleased(released, current), ...checkCorpus(folder, released, current)];
}

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

function checkCorpus(folder: string, released: Contracts, current: Contracts): string[] {
  const byBoth = [
    ['the schema of now', compile(current)],
    ['the released schema', compile(released)],
  ] as const;
  const files = globSync('corpus/*.json', { cwd: folder }).toSorted();
  const kept = files.map((file) => [file, readJson(join(folder, file)) as KeptEvent] as const);
  const broken = kept.flatMap(([file, { detailType, detail }]) =>
    byBoth.flatMap(([words, ajv]) => {
      const validate = ajv.getSchema(idOf(current, detailType, detail.metadata.schemaVersion) ?? '');
      // A version that is not released yet.
      if (!validate) return words === 'the released schema' ? [] : [`${file}: no schema for ${detailType}`];
      return validate(detail) ? [] : [`${file} breaks ${words}: ${ajv.errorsText(validate.errors)}`];
    }),
  );
  const seen = new Set(kept.map(([, { detailType }]) => detailType));
  const missing = [...current.values()].filter(({ title }) => title !== 'Metadata' && !seen.has(title));
  return [...broken, ...missing.map(({ title }) => `corpus/ has no event of ${title}`)];
}

function compile(contracts: Contracts) {
  const ajv = new Ajv2020({ schemas: [...contracts.values()], allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv;
}

function idOf(contracts: Contracts, title: string, version: number): string | undefined {
  return [...contracts].find(
    ([file, schema]) => schema.title === title && file.endsWith(`/${version}.json`),
  )?.[1].$id;
}

function readContracts(folder: string): Contracts {
  const files = globSync(contractFiles, { cwd: folder }).filter((file) => !notOurs.test(file));
  return new Map(files.toSorted().map((file) => [file, readJson(join(folder, file)) as JsonSchema]));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (import.meta.main) {
  const folder = import.meta.dirname;
  const broken = checkContracts(folder);
  for (const each of broken) process.stderr.write(`${each}\n`);
  if (broken.length > 0) {
    process.stderr.write(
      'A released version only gains optional properties: make it the next version, 2.json\n',
    );
    process.exitCode = 1;
  } else if (process.argv.includes('--release')) {
    for (const file of readContracts(folder).keys()) {
      const copy = join(folder, 'released', file);
      if (!existsSync(dirname(copy))) mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(join(folder, file), copy);
    }
  }
}
