/** Inlines sql/migrations/*.sql into TypeScript, since nothing reads .sql from disk at run time in a bundle. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';

const migrationsFolder = new URL('./migrations/', import.meta.url);
const output = new URL('./generated/migrations.ts', import.meta.url);

/**
 * The TypeScript source for the given migration files.
 * @throws {Error} if a name is not `NNNN-some-name.sql` or the numbers are not 1, 2, 3, …
 */
export function renderMigrations(files: readonly { name: string; text: string }[]): string {
  const entries = files.map(({ name, text }, index) => {
    const match = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(name);
    if (!match) throw new Error(`Migration "${name}" is not named like 0001-tables.sql: rename it`);
    const version = Number(match[1]);
    if (version !== index + 1) {
      throw new Error(`Migration "${name}" is number ${version}, ${index + 1} is next: renumber it`);
    }
    return `  {\n    version: ${version},\n    name: '${match[2]}',\n    text: \`${escapeTemplate(text)}\`,\n  },\n`;
  });
  return [
    '// Written by `npm run generate` from sql/migrations: edit those.\n',
    'export type Migration = { readonly version: number; readonly name: string; readonly text: string };\n\n',
    'export const migrations: readonly Migration[] = [\n',
    ...entries,
    '];\n',
  ].join('');
}

function escapeTemplate(text: string): string {
  return text.replaceAll(/\\|`|\$\{/g, (found) => `\\${found}`);
}

async function main(check: boolean): Promise<void> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(new URL(name, migrationsFolder), 'utf8') })),
  );
  const wanted = renderMigrations(files);
  if (!check) {
    await mkdir(new URL('.', output), { recursive: true });
    await writeFile(output, wanted);
    return;
  }
  const found = await readFile(output, 'utf8').catch(() => '');
  if (found !== wanted) {
    process.stderr.write('sql/generated/migrations.ts differs from sql/migrations: run `npm run generate`\n');
    process.exitCode = 1;
  }
}

if (import.meta.main) await main(process.argv.includes('--check'));
