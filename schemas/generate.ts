/**
 * Writes events/generated/ from the schemas: types, validators and the validators' declarations; and asyncapi.json beside them.
 * With --check writes nothing, and exits 1 when the committed files differ.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { compileAsyncApi } from './compile-asyncapi.ts';
import { compileTypes } from './compile-types.ts';
import { compileValidators } from './compile-validators.ts';
import { readSchemas } from './read-schemas.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'events', 'generated');
const asyncApiFile = join(import.meta.dirname, 'asyncapi.json');

/** The generated files by name. The same schemas give the same bytes, wherever the clone is. */
export async function generate(): Promise<Map<string, string>> {
  const schemas = readSchemas(import.meta.dirname);
  const validators = await compileValidators(schemas, root);
  return new Map([
    ['types.ts', await compileTypes(schemas)],
    ['validators.js', validators.code],
    ['validators.d.ts', validators.declarations],
  ]);
}

/** The AsyncAPI document of the events. */
export function generateAsyncApi(): string {
  return compileAsyncApi(readSchemas(import.meta.dirname), packageJson.version);
}

if (import.meta.main) {
  const files = await generate();
  const asyncApi = generateAsyncApi();
  if (process.argv.includes('--check')) {
    const stale = staleFiles(files);
    if (stale.length > 0) {
      process.stderr.write(
        `events/generated/ is not what the schemas say (${stale.join(', ')}): run \`npm run generate\`\n`,
      );
      process.exitCode = 1;
    }
    if (!existsSync(asyncApiFile) || readFileSync(asyncApiFile, 'utf8') !== asyncApi) {
      process.stderr.write('schemas/asyncapi.json is not what the schemas say: run `npm run generate`\n');
      process.exitCode = 1;
    }
  } else {
    writeFileSync(asyncApiFile, asyncApi);
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
  }
}

function staleFiles(files: Map<string, string>): string[] {
  const present = globSync('*', { cwd: folder });
  const names = new Set([...files.keys(), ...present]);
  return [...names].filter(
    (name) => !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== files.get(name),
  );
}
