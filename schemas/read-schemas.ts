import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type JsonSchema = {
  readonly [keyword: string]: unknown;
  readonly $id: string;
  readonly title: string;
};

export type NamedSchema = {
  /** Name of the generated type, for example BarsIngestedV1. */
  readonly typeName: string;
  readonly schema: JsonSchema;
};

/** Where the schemas of now are: `<event>/<version>.json`, and the same below aws/. */
export const schemaFiles = '{*,aws/*}/[0-9]*.json';

/** All schemas below `folder`, sorted by path. */
export function readSchemas(folder: string): NamedSchema[] {
  return globSync(schemaFiles, { cwd: folder })
    .toSorted()
    .map((path) => {
      const schema = JSON.parse(readFileSync(join(folder, path), 'utf8')) as JsonSchema;
      return { typeName: `${schema.title}V${basename(path, '.json')}`, schema };
    });
}
