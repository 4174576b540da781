import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';
import type { NamedSchema } from './read-schemas.ts';

const banner = '/* Written by `npm run generate` from schemas/. Do not edit. */\n';

/**
 * One function a schema, `validateBarsIngestedV1` and so on, as an ES module without imports.
 * Ajv's `esm` output still calls require() for its helpers, so esbuild bundles them in.
 */
export async function compileValidators(
  schemas: readonly NamedSchema[],
  root: string,
): Promise<{ code: string; declarations: string }> {
  const ajv = new Ajv2020({
    schemas: schemas.map(({ schema }) => schema),
    allowUnionTypes: true,
    // One function for the metadata, not a copy of it in every event's.
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
  });
  addFormats.default(ajv);
  const exports = Object.fromEntries(
    schemas.map(({ typeName, schema }) => [`validate${typeName}`, schema.$id]),
  );
  const bundle = await build({
    stdin: { contents: standaloneCode.default(ajv, exports), resolveDir: root, sourcefile: 'validators.js' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['main'],
    target: 'node24',
    legalComments: 'none',
  });
  return { code: banner + (bundle.outputFiles[0]?.text ?? ''), declarations: declare(schemas) };
}

function declare(schemas: readonly NamedSchema[]): string {
  const names = schemas.map(({ typeName }) => typeName);
  return `${banner}import type { ${names.join(', ')} } from './types.ts';

export type SchemaViolation = {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
};
export type Validator<T> = {
  (data: unknown): data is T;
  readonly errors?: readonly SchemaViolation[] | null;
};
${names.map((name) => `export declare const validate${name}: Validator<${name}>;\n`).join('')}`;
}
