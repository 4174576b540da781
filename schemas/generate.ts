/**
 * Writes events/generated/ from the schemas: types, validators and the validators' declarations.
 * With --check writes nothing, and exits 1 when the committed files differ.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileTypes } from './compile-types.ts';
import { compileValidators } from './compile-validators.ts';
import { readSchemas } from './read-schemas.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'events', 'generated');

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

if (import.meta.main) {
  const files = await generate();
  if (process.argv.includes('--check')) {
    const stale = staleFiles(files);
    if (stale.length > 0) {
      process.stderr.write(
        `events/generated/ is not what the schemas say (${stale.join(', ')}): run \`npm run generate\`\n`,
      );
      process.exitCode = 1;
    }
  } else {
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
