import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generate } from '../../../schemas/generate.ts';
import { schemaFiles } from '../../../schemas/read-schemas.ts';

const root = join(import.meta.dirname, '../../..');
const files = globSync(`schemas/${schemaFiles}`, { cwd: root }).toSorted();

test('the generated files are what the schemas say, byte for byte, each time', async () => {
  const committed = ['types.ts', 'validators.js', 'validators.d.ts'].map(
    (name) => [name, readFileSync(join(root, 'events/generated', name), 'utf8')] as const,
  );
  expect(await generate()).toEqual(new Map(committed));
  expect(await generate()).toEqual(new Map(committed));
});

test('the validators need no package and no require', () => {
  const code = readFileSync(join(root, 'events/generated/validators.js'), 'utf8');
  expect(code).not.toMatch(/^import /m);
  expect(code.match(/require\(["'][^)]*\)/g) ?? []).toEqual(
    // Source text that Ajv's helper keeps of itself; nothing calls it.
    ['require("ajv/dist/runtime/ucs2length")'],
  );
});

test.each(files)(
  '%s: every field has a description, no unknown field is forbidden, the id is a urn',
  (file) => {
    const schema = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>;
    const version = /(\d+)\.json$/.exec(file)?.[1];
    expect(schema['$id']).toMatch(new RegExp(`^urn:fibonacci-bars:schema:[a-z-]+:${version}$`));
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(faults(schema, 'root')).toEqual([]);
  },
);

function faults(node: Record<string, unknown>, path: string): string[] {
  const children = Object.entries({
    ...(node['properties'] as Record<string, Record<string, unknown>> | undefined),
    ...(node['items'] ? { items: node['items'] as Record<string, unknown> } : {}),
  });
  return [
    ...(/^\S.*\.$/.test((node['description'] as string | undefined) ?? '')
      ? []
      : [`${path} has no description`]),
    ...('additionalProperties' in node || 'unevaluatedProperties' in node ? [`${path} forbids fields`] : []),
    ...children.flatMap(([name, child]) => faults(child, `${path}.${name}`)),
  ];
}
