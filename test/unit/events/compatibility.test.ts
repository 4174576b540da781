import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkContracts } from '../../../schemas/check-contracts.ts';
import { compareSchemas, type Rule } from '../../../schemas/compare-schemas.ts';
import { keepNew } from '../../../schemas/corpus-hashes.ts';

const schemas = join(import.meta.dirname, '../../../schemas');

const released = {
  $id: 'urn:x:1',
  title: 'Sold',
  type: 'object',
  required: ['shares', 'data'],
  properties: {
    shares: { type: ['integer', 'null'], minimum: 0, maximum: 9, description: 'Shares.' },
    side: { type: 'string', enum: ['buy', 'sell'] },
    unit: { const: 'USD' },
    note: { type: 'string', pattern: '^[a-z]+$', maxLength: 5, format: 'email' },
    data: {
      type: 'object',
      required: ['names'],
      properties: {
        names: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
        metadata: { $ref: 'urn:metadata:1' },
      },
    },
  },
};

/** Where in the schema, and what stands there then; undefined: nothing. */
type Change = Readonly<Record<string, unknown>>;

const inData = 'properties.data.properties';

/** Of each rule: changes that break it, by the field that is told of, and changes near by that do not. */
const rules: Record<Exclude<Rule, 'version-removed'>, { breaks: [string, Change][]; harmless: Change[] }> = {
  'identity-changed': {
    breaks: [
      ['', { title: 'Bought' }],
      ['', { $id: 'urn:x:2' }],
    ],
    harmless: [{ description: 'Told when something was sold.' }],
  },
  'property-removed': {
    breaks: [
      ['side', { 'properties.side': undefined }],
      ['data.metadata', { [`${inData}.metadata`]: undefined }],
    ],
    harmless: [{ 'properties.more': { type: 'string' } }],
  },
  'property-now-required': {
    breaks: [
      ['side', { required: ['shares', 'data', 'side'] }],
      [
        'data.more',
        { [`${inData}.more`]: { type: 'string' }, 'properties.data.required': ['names', 'more'] },
      ],
    ],
    harmless: [
      { 'properties.more': { type: 'object', required: ['a'], properties: { a: {} } } },
      { required: ['data', 'shares'] },
    ],
  },
  'property-no-longer-required': {
    breaks: [
      ['shares', { required: ['data'] }],
      ['data.names', { 'properties.data.required': undefined }],
    ],
    harmless: [{ required: ['data', 'shares'] }],
  },
  'type-changed': {
    breaks: [
      ['side', { 'properties.side.type': 'integer' }],
      ['side', { 'properties.side.type': ['string', 'null'] }],
      ['shares', { 'properties.shares.type': 'integer' }],
    ],
    harmless: [{ 'properties.shares.type': ['null', 'integer'] }],
  },
  'values-changed': {
    breaks: [
      ['side', { 'properties.side.enum': ['buy'] }],
      ['side', { 'properties.side.enum': ['buy', 'sell', 'short'] }],
      ['note', { 'properties.note.enum': ['a'] }],
    ],
    harmless: [{ 'properties.side.enum': ['sell', 'buy'] }],
  },
  'constant-changed': {
    breaks: [['unit', { 'properties.unit.const': 'EUR' }]],
    harmless: [{ 'properties.unit.description': 'Currency.' }],
  },
  'range-changed': {
    breaks: [
      ['shares', { 'properties.shares.minimum': 1 }],
      ['shares', { 'properties.shares.maximum': 10 }],
      ['shares', { 'properties.shares.maximum': undefined }],
      ['shares', { 'properties.shares.multipleOf': 2 }],
    ],
    harmless: [{ 'properties.shares.examples': [3] }],
  },
  'length-changed': {
    breaks: [
      ['note', { 'properties.note.maxLength': 4 }],
      ['data.names', { [`${inData}.names.minItems`]: 2 }],
      ['data.names[]', { [`${inData}.names.items.minLength`]: 2 }],
    ],
    harmless: [{ 'properties.note.default': 'a' }],
  },
  'pattern-changed': {
    breaks: [
      ['note', { 'properties.note.pattern': '^[a-y]+$' }],
      ['side', { 'properties.side.pattern': '^b' }],
    ],
    harmless: [{ 'properties.more': { pattern: '^a' } }],
  },
  'format-changed': {
    breaks: [
      ['note', { 'properties.note.format': 'uri' }],
      ['note', { 'properties.note.format': undefined }],
    ],
    harmless: [{ 'properties.note.deprecated': true }],
  },
  'reference-changed': {
    breaks: [['data.metadata', { [`${inData}.metadata.$ref`]: 'urn:metadata:2' }]],
    harmless: [{ [`${inData}.metadata.description`]: 'Who.' }],
  },
  closed: {
    breaks: [
      ['', { additionalProperties: false }],
      ['data', { 'properties.data.unevaluatedProperties': false }],
      ['data', { 'properties.data.additionalProperties': { type: 'string' } }],
    ],
    harmless: [{ additionalProperties: true }],
  },
  'constraint-changed': {
    breaks: [
      ['', { dependentRequired: { side: ['note'] } }],
      ['data', { 'properties.data.not': { required: ['x'] } }],
      ['data.names', { [`${inData}.names.items`]: undefined }],
      ['data.names[]', { [`${inData}.names.items`]: false }],
      ['side', { 'properties.side': true }],
      ['data.names', { [`${inData}.names`]: false }],
    ],
    harmless: [{ $comment: 'Since 2026.' }, { 'properties.more': true }],
  },
};

/** A copy with the change in it. */
function withChange(schema: object, change: Change): Record<string, unknown> {
  const copy = structuredClone(schema) as Record<string, unknown>;
  for (const [at, value] of Object.entries(change)) {
    const path = at.split('.');
    const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, copy);
    const last = path.at(-1) ?? '';
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return copy;
}

const breaksOf = (change: Change) =>
  compareSchemas(released, withChange(released, change)).map(({ rule, path }) => ({ rule, path }));

test.each(
  Object.entries(rules).flatMap(([rule, { breaks }]) =>
    breaks.map(([path, change]) => [rule, JSON.stringify(change), path, change] as const),
  ),
)('%s: %s', (rule, _text, path, change) => {
  expect(breaksOf(change)).toEqual([{ rule, path }]);
});

test.each(
  Object.entries(rules).flatMap(([rule, { harmless }]) =>
    harmless.map((change) => [rule, JSON.stringify(change), change] as const),
  ),
)('not %s: %s', (_rule, _text, change) => {
  expect(breaksOf(change)).toEqual([]);
});

test('the schemas keep what was released, and every kept event keeps its schema', () => {
  expect(checkContracts(schemas)).toEqual([]);
});

function copyOfSchemas(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fibbars-schemas-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(schemas, folder, { recursive: true });
  return folder;
}

function edit(file: string, change: Change): void {
  const content = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify(withChange(content, change)));
}

test('a released version that is gone, or broken, is told of with its file and field', () => {
  const folder = copyOfSchemas();
  rmSync(join(folder, 'resample-failed/1.json'));
  edit(join(folder, 'bars-ingested/1.json'), { [`${inData}.bars.minimum`]: 1_000_000 });
  const broken = checkContracts(folder);
  expect(broken).toContain('version-removed: resample-failed/1.json was released, and is gone');
  expect(broken).toContain('range-changed: bars-ingested/1.json data.bars minimum was 0, and is 1000000');
  expect(broken.some((each) => /^corpus\/bars-ingested.* breaks the schema of now: .*bars/.test(each))).toBe(
    true,
  );
});

test('the envelope and the metadata keep what was released, as the events do', () => {
  const folder = copyOfSchemas();
  edit(join(folder, 'envelope/1.json'), { 'properties.id.type': 'integer', 'properties.more': true });
  edit(join(folder, 'metadata/1.json'), { required: ['id'] });
  const broken = checkContracts(folder);
  expect(broken).toContain('type-changed: envelope/1.json id type was "string", and is "integer"');
  expect(broken).toContain(
    'property-no-longer-required: metadata/1.json cause was required, and is not: consumers rely on it',
  );
  expect(broken.filter((each) => each.includes('envelope/1.json'))).toHaveLength(1);
});

test.each<[string, Change, string]>([
  [
    'a schema that takes anything',
    { [`${inData}.bars`]: true },
    'constraint-changed: bars-ingested/1.json data.bars schema was {"type":"integer","minimum":0,"description":"Rows in bronze from this delivery: inserted, corrected …, and is true',
  ],
  [
    'a type that there is not',
    { [`${inData}.bars.type`]: 'integral' },
    'schema-invalid: bars-ingested/1.json /properties/data/properties/bars/type is "integral": it must be equal to one of the allowed values: array, boolean, integer, null, number, object, string',
  ],
  [
    'a list of properties',
    { 'properties.data.properties': ['bars'] },
    'schema-invalid: bars-ingested/1.json /properties/data/properties is ["bars"]: it must be object',
  ],
  [
    'a misspelt keyword',
    { [`${inData}.symbols.items.maxLenght`]: 3 },
    'schema-invalid: bars-ingested/1.json /properties/data/properties/symbols/items/maxLenght is 3: no such keyword is known',
  ],
  [
    'an id that another has',
    { $id: 'urn:fibonacci-bars:schema:metadata:1' },
    'schema-invalid: metadata/1.json /$id is "urn:fibonacci-bars:schema:metadata:1", as in bars-ingested/1.json: each version has an id of its own',
  ],
  ['no id', { $id: undefined }, 'schema-invalid: bars-ingested/1.json /$id is missing'],
  [
    'a reference to nothing',
    { 'properties.metadata.$ref': 'urn:fibonacci-bars:schema:nothing:1' },
    `schema-invalid: bars-ingested/1.json cannot be used: can't resolve reference urn:fibonacci-bars:schema:nothing:1 from id urn:fibonacci-bars:schema:bars-ingested:1`,
  ],
])('%s is told of with its file, place and value', (_what, change, finding) => {
  const folder = copyOfSchemas();
  edit(join(folder, 'bars-ingested/1.json'), change);
  expect(checkContracts(folder).filter((each) => !each.startsWith('corpus/'))).toEqual([finding]);
});

test.each(['true', '[]', '{"$id": '])('a file that holds %s is told of by its name', (content) => {
  const folder = copyOfSchemas();
  writeFileSync(join(folder, 'bars-ingested/1.json'), content);
  writeFileSync(join(folder, 'corpus/no-event.json'), content);
  expect(checkContracts(folder)[0]).toMatch(/bars-ingested\/1\.json is |corpus\/no-event\.json is no JSON/);
});

test('a kept event that is changed or gone is told of, and keeping new ones does not hide it', () => {
  const folder = copyOfSchemas();
  const changed = 'corpus/bars-ingested-of-a-first-day.json';
  const gone = 'corpus/silver-updated-of-a-split.json';
  edit(join(folder, changed), { 'detail.data.bars': 3 });
  rmSync(join(folder, gone));
  cpSync(join(schemas, gone), join(folder, 'corpus/of-more.json'));
  const lost = [
    `${changed} is not as it was kept: a published event is never changed`,
    `${gone} was kept, and is gone: a published event is never removed`,
  ];
  expect(checkContracts(folder)).toEqual([
    ...lost,
    'corpus/of-more.json is not in corpus/SHA256SUMS: `npm run contracts:keep` adds it',
  ]);
  keepNew(folder);
  expect(checkContracts(folder)).toEqual(lost);
});

test('a kept event that breaks its schema is told of, as is an event that none is kept of', () => {
  const folder = copyOfSchemas();
  writeFileSync(
    join(folder, 'corpus/wrong.json'),
    JSON.stringify({ detailType: 'SilverUpdated', detail: { metadata: { schemaVersion: 1 }, data: {} } }),
  );
  writeFileSync(
    join(folder, 'corpus/unknown.json'),
    JSON.stringify({ detailType: 'BarsEaten', detail: { metadata: { schemaVersion: 1 } } }),
  );
  edit(join(folder, 'resample-failed/1.json'), { title: 'JobFailed' });
  const broken = checkContracts(folder);
  expect(broken).toContain('corpus/unknown.json: no schema for BarsEaten');
  expect(broken.filter((each) => each.startsWith('corpus/wrong.json breaks'))).toHaveLength(2);
  expect(broken).toContain('corpus/ has no event of JobFailed');
});
