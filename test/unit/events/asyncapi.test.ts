import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0.json' with { type: 'json' };
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { generateAsyncApi } from '../../../schemas/generate.ts';

const schemas = join(import.meta.dirname, '../../../schemas');
const text = readFileSync(join(schemas, 'asyncapi.json'), 'utf8');
type Document = { components: { messages: Record<string, { name: string }> } };
const document = JSON.parse(text) as Document;

/** @param meta of draft 7, which the schema of AsyncAPI brings itself. */
const draft07 = ({ meta = true } = {}) =>
  addFormats.default(new Ajv({ strict: false, meta, validateSchema: meta }));

function faultsOf(candidate: unknown): string[] {
  const validate = draft07({ meta: false }).compile(asyncApiSchema);
  return validate(candidate)
    ? []
    : (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
}

test('the document is what the schemas say, byte for byte', () => {
  expect(generateAsyncApi()).toBe(text);
});

test('it is valid by the schema of AsyncAPI 3.0.0, which finds faults', () => {
  expect(faultsOf(document)).toEqual([]);
  expect(faultsOf({ ...document, info: { title: 'without a version' } })).not.toEqual([]);
  expect(faultsOf({ ...document, operations: { tell: { action: 'shout' } } })).not.toEqual([]);
});

test('each $ref leads somewhere in the document', () => {
  const refs = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(refs.length).toBeGreaterThan(10);
  for (const ref of refs) {
    const path = ref.replace(/^#\//, '').split('/');
    const found = path.reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key],
      document,
    );
    expect(found).toBeTypeOf('object');
  }
});

test('each kept event is a payload of its message, in its envelope, and no other message takes it', () => {
  const ajv = draft07().addSchema(document, 'asyncapi');
  for (const file of globSync('corpus/*.json', { cwd: schemas })) {
    const { detailType, detail } = JSON.parse(readFileSync(join(schemas, file), 'utf8')) as {
      detailType: string;
      detail: object;
    };
    const payload = {
      version: '0',
      id: '1',
      'detail-type': detailType,
      source: 'fibonacci-bars',
      account: '000000000000',
      time: '2026-11-23T21:20:05Z',
      region: 'us-east-1',
      resources: [],
      detail,
    };
    const takers = Object.entries(document.components.messages).flatMap(([key, { name }]) =>
      ajv.validate(`asyncapi#/components/messages/${key}/payload`, payload) ? [name] : [],
    );
    expect(takers).toEqual([detailType]);
  }
});
