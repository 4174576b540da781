import type { JsonSchema, NamedSchema } from './read-schemas.ts';

/** Where a schema is in the document. */
const place = (typeName: string) => `#/components/schemas/${typeName}`;

/** Who tells of each event, as its operation. */
const events = /^(BarsIngested|BarsRestated|SilverUpdated|ResampleFailed)V\d+$/;

/**
 * The schemas as one AsyncAPI 3 document: the bus as its channel, and each event as a message whose payload is what EventBridge
 * hands to a target, with the event as its `detail`. https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function compileAsyncApi(schemas: readonly NamedSchema[], version: string): string {
  const ours = schemas.filter(
    ({ typeName }) => /^(Metadata|Envelope)V/.test(typeName) || events.test(typeName),
  );
  const told = ours.filter(({ typeName }) => events.test(typeName));
  const typeNames = new Map(ours.map(({ typeName, schema }) => [schema.$id, typeName]));
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'fibonacci-bars',
      version,
      description:
        'Daily stock bars resampled into bars of 3, 5, 8, 13, 21 and 34 trading days, event by event.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      bus: {
        address: 'fibonacci-bars',
        description:
          'The event bus. Rules on it lead events to queues; delivery is at least once, and in no order.',
        messages: byName(told, ({ typeName }) => ({ $ref: `#/components/messages/${typeName}` })),
      },
    },
    operations: byName(
      told,
      ({ typeName, schema }) => ({
        action: 'send',
        channel: { $ref: '#/channels/bus' },
        summary: schema['description'],
        messages: [{ $ref: `#/channels/bus/messages/${typeName}` }],
      }),
      'tell',
    ),
    components: {
      messages: byName(told, ({ typeName, schema }) => ({
        name: schema.title,
        title: schema.title,
        summary: schema['description'],
        payload: {
          allOf: [{ $ref: place('EnvelopeV1') }],
          properties: {
            source: { const: 'fibonacci-bars' },
            'detail-type': { const: schema.title },
            detail: { $ref: place(typeName) },
          },
        },
        correlationId: {
          description: 'Shared by everything that one fetch, backfill, correction or replay set off.',
          location: '$message.payload#/detail/metadata/correlationId',
        },
      })),
      schemas: byName(ours, ({ schema }) => toComponent(schema, typeNames)),
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function byName(
  schemas: readonly NamedSchema[],
  make: (schema: NamedSchema) => unknown,
  prefix = '',
): Record<string, unknown> {
  return Object.fromEntries(schemas.map((schema) => [`${prefix}${schema.typeName}`, make(schema)]));
}

/** Without identity and dialect, and with its refs by urn as refs into the document. */
function toComponent(
  { $id: _id, $schema: _dialect, ...rest }: JsonSchema,
  typeNames: ReadonlyMap<string, string>,
) {
  return JSON.parse(JSON.stringify(rest), (key, value: unknown) => {
    if (key !== '$ref') return value;
    const typeName = typeNames.get(String(value));
    if (!typeName) throw new Error(`$ref ${String(value)} names no schema of an event`);
    return place(typeName);
  }) as unknown;
}
