import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './read-schemas.ts';

/** What is read of files, by their names. */
export type Contents = ReadonlyMap<string, unknown>;

/** Keywords whose value is schemas by name, and those whose value is data and no schema. */
const named = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas']);
const data = new Set(['const', 'enum', 'default', 'examples', 'required']);

/** Why files are no schemas of contracts, in words that name file, place and value; nothing if all are. */
export function checkSchemas(contents: Contents): string[] {
  const faults = [...contents].flatMap(([file, schema]) =>
    faultsOf(schema).map((fault) => `schema-invalid: ${file} ${fault}`),
  );
  if (faults.length > 0) return faults;
  const schemas = new Map([...contents].map(([file, schema]) => [file, schema as JsonSchema]));
  const twice = [...Map.groupBy(schemas, ([, { $id }]) => $id)].flatMap(([id, [first, ...others]]) =>
    others.map(
      ([file]) =>
        `schema-invalid: ${file} /$id is "${id}", as in ${first?.[0]}: each version has an id of its own`,
    ),
  );
  return twice.length > 0 ? twice : uncompilable(schemas);
}

/** All of them, so that they find each other. */
export function compileSchemas(schemas: ReadonlyMap<string, JsonSchema>): Ajv2020 {
  const ajv = newAjv();
  ajv.addSchema([...schemas.values()]);
  return ajv;
}

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv;
}

const dialect = newAjv();

function faultsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return [`is ${show(schema)}: the schema of an event is an object`];
  }
  if (dialect.validateSchema(schema) !== true) return [describe(schema, dialect.errors ?? [])];
  const nameless = (['$id', 'title'] as const).filter((keyword) => !Object.hasOwn(schema, keyword));
  return [...nameless.map((keyword) => `/${keyword} is missing`), ...unknownKeywords(schema, '')];
}

/** Of what the dialect says of a schema the deepest place: what is above it is only wrong because of it. */
function describe(schema: object, errors: readonly ErrorObject[]): string {
  const [error] = errors.toSorted((a, b) => depth(b.instancePath) - depth(a.instancePath));
  if (!error) return 'is no JSON Schema';
  const allowed: unknown = error.params['allowedValues'];
  const choices = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : '';
  return `${error.instancePath} is ${show(at(schema, error.instancePath))}: it ${error.message}${choices}`;
}

function depth(pointer: string): number {
  return pointer.split('/').length;
}

function at(value: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], value);
}

/** JSON Schema lets unknown keywords pass, so a misspelt one would forbid nothing. */
function unknownKeywords(node: unknown, pointer: string): string[] {
  if (Array.isArray(node)) {
    return node.flatMap((child: unknown, index) => unknownKeywords(child, `${pointer}/${index}`));
  }
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([keyword, value]: [string, unknown]) => {
    const place = `${pointer}/${keyword}`;
    if (!Object.hasOwn(dialect.RULES.keywords, keyword))
      return [`${place} is ${show(value)}: no such keyword is known`];
    if (data.has(keyword)) return [];
    if (!named.has(keyword)) return unknownKeywords(value, place);
    return Object.entries(value as object).flatMap(([name, child]: [string, unknown]) =>
      unknownKeywords(child, `${place}/${name}`),
    );
  });
}

/** What only compiling finds, such as a format or a reference that is unknown. */
function uncompilable(schemas: ReadonlyMap<string, JsonSchema>): string[] {
  const ajv = compileSchemas(schemas);
  return [...schemas].flatMap(([file, { $id }]) => {
    try {
      ajv.getSchema($id);
      return [];
    } catch (error) {
      return [`schema-invalid: ${file} cannot be used: ${(error as Error).message}`];
    }
  });
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
