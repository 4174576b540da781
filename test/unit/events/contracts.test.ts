import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseBatchJobStateChange } from '../../../events/batch-job-state-change.ts';
import { ContractError } from '../../../events/contract-error.ts';
import { type NewEvent, newEvent } from '../../../events/new-event.ts';
import { parseEnvelope, parseEvent } from '../../../events/parse.ts';
import { broken, detailTypes, envelopeBody, exampleEvents } from '../../support/example-events.ts';

type Fields = { required: string[]; properties: Record<string, { type?: string | string[] }> };

function readSchema(path: string) {
  return JSON.parse(readFileSync(new URL(`../../../schemas/${path}`, import.meta.url), 'utf8')) as Fields;
}

const folders = {
  BarsIngested: 'bars-ingested',
  BarsRestated: 'bars-restated',
  SilverUpdated: 'silver-updated',
  ResampleFailed: 'resample-failed',
};

function fieldsOf(
  detailType: keyof typeof folders,
): { path: string[]; required: boolean; types: string[] }[] {
  const data = readSchema(`${folders[detailType]}/1.json`).properties['data'] as Fields;
  const parts: [string, Fields][] = [
    ['metadata', readSchema('metadata/1.json')],
    ['data', data],
  ];
  return parts.flatMap(([part, schema]) =>
    Object.entries(schema.properties).map(([name, field]) => ({
      path: [part, name],
      required: schema.required.includes(name),
      types: [field.type ?? []].flat(),
    })),
  );
}

describe.each(detailTypes)('%s', (detailType) => {
  test('is accepted as it is, and is the same object', () => {
    const detail = exampleEvents[detailType];
    expect(parseEvent(detailType, detail).detail).toBe(detail);
  });

  test.each(fieldsOf(detailType).filter(({ required }) => required))('misses $path', ({ path }) => {
    expect(() => parseEvent(detailType, broken(detailType, path, undefined))).toThrow(
      `${detailType} ${path.join('.')} is missing`,
    );
  });

  test('does without the fields that are optional', () => {
    const optional = fieldsOf(detailType).filter(({ required }) => !required);
    for (const { path } of optional) parseEvent(detailType, broken(detailType, path, undefined));
    expect(optional.map(({ path }) => path[1])).toEqual(detailType === 'BarsIngested' ? ['symbols'] : []);
  });

  test.each(fieldsOf(detailType))('refuses $path of another type', ({ path, types }) => {
    for (const value of [true, ...(types.includes('null') ? [] : [null]), { a: 1 }]) {
      expect(() => parseEvent(detailType, broken(detailType, path, value))).toThrow(
        new RegExp(`^${detailType} ${path.join('\\.')} is .*: must be `),
      );
    }
  });

  test('keeps fields that it does not know', () => {
    const detail = broken(detailType, ['data', 'addedLater'], { anything: [1] });
    expect(parseEvent(detailType, detail).detail).toHaveProperty('data.addedLater.anything', [1]);
  });
});

function parse(detailType: 'BarsIngested' | 'BarsRestated', path: string[], value: unknown) {
  return parseEvent(detailType, broken(detailType, path, value));
}

describe('errors', () => {
  const cases: [string, () => unknown, string][] = [
    [
      'a day that the calendar lacks',
      () => parse('BarsIngested', ['data', 'tradingDay'], '2019-02-30'),
      'BarsIngested data.tradingDay is "2019-02-30": must match format "date"',
    ],
    [
      'an instant outside UTC',
      () => parse('BarsIngested', ['metadata', 'occurredAt'], '2026-11-23T16:20:05-05:00'),
      'BarsIngested metadata.occurredAt is "2026-11-23T16:20:05-05:00": must match pattern "Z$"',
    ],
    [
      'an id that is no UUID',
      () => parse('BarsIngested', ['metadata', 'id'], 'x'),
      'BarsIngested metadata.id is "x": must match format "uuid"',
    ],
    [
      'a UUID as a urn',
      () => parse('BarsIngested', ['metadata', 'id'], `urn:uuid:${exampleEvents.BarsIngested.metadata.id}`),
      'must NOT have more than 36 characters',
    ],
    [
      'a cause that is none',
      () => parse('BarsIngested', ['metadata', 'cause'], 'whim'),
      'BarsIngested metadata.cause is "whim": must be equal to one of the allowed values: live, backfill, correction, split, replay',
    ],
    [
      'a count below zero',
      () => parse('BarsIngested', ['data', 'bars'], -1),
      'BarsIngested data.bars is -1: must be >= 0',
    ],
    [
      'a count that is no integer',
      () => parse('BarsIngested', ['data', 'bars'], 1.5),
      'BarsIngested data.bars is 1.5: must be integer',
    ],
    [
      'a symbol that is none',
      () => parse('BarsRestated', ['data', 'symbols'], ['AAPL', 'a b']),
      'BarsRestated data.symbols.1 is "a b": must match pattern',
    ],
    [
      'a symbol twice',
      () => parse('BarsRestated', ['data', 'symbols'], ['A', 'B', 'A']),
      'BarsRestated data.symbols is ["A","B","A"]: must NOT have duplicate items',
    ],
    [
      'no symbol at all',
      () => parse('BarsRestated', ['data', 'symbols'], []),
      'BarsRestated data.symbols is []: must NOT have fewer than 1 items',
    ],
    [
      '1,001 symbols',
      () =>
        parse(
          'BarsIngested',
          ['data', 'symbols'],
          Array.from({ length: 1_001 }, (_, i) => `S${i}`),
        ),
      'must NOT have more than 1000 items',
    ],
    [
      'a key that no database text can hold',
      () => parse('BarsIngested', ['metadata', 'idempotencyKey'], 'a\0b'),
      'BarsIngested metadata.idempotencyKey is "a\\u0000b": it must not hold the character U+0000',
    ],
    [
      'the name of a replay that no database text can hold',
      () =>
        parseEnvelope(
          JSON.stringify({
            ...(JSON.parse(envelopeBody('BarsIngested', exampleEvents.BarsIngested)) as object),
            'replay-name': 'again\0',
          }),
        ),
      'Envelope replay-name is "again\\u0000": it must not hold the character U+0000',
    ],
    [
      'an unknown version',
      () => parse('BarsIngested', ['metadata', 'schemaVersion'], 2),
      'BarsIngested metadata.schemaVersion is 2: known are 1',
    ],
    [
      'an unknown event',
      () => parseEvent('BarsEaten', {}),
      'detail-type "BarsEaten" is unknown: known are BarsIngested, BarsRestated, SilverUpdated, ResampleFailed',
    ],
    ['a name that every object has', () => parseEvent('toString', {}), 'detail-type "toString" is unknown'],
    ['no detail', () => parseEvent('BarsIngested', null), 'BarsIngested is null: must be object'],
  ];
  test.each(cases)('name the path, what was found and what is expected: %s', (_name, act, message) => {
    expect(act).toThrow(ContractError);
    expect(act).toThrow(message);
  });

  test('shorten what was found when it is long', () => {
    expect(() => parse('BarsIngested', ['data', 'source'], 'x'.repeat(100_000))).toThrow(
      /^BarsIngested data\.source is "x{99}…: must NOT have more than 40 characters$/,
    );
  });
});

test('looks for duplicate symbols in linear time: ten markets in under three seconds', () => {
  const symbols = Array.from({ length: 110_000 }, (_, i) => `S${i}`);
  const start = performance.now();
  parseEvent('SilverUpdated', broken('SilverUpdated', ['data', 'symbols'], symbols));
  expect(performance.now() - start).toBeLessThan(3_000);
});

describe('newEvent', () => {
  const request: NewEvent<'BarsIngested'> = {
    data: exampleEvents.BarsIngested.data,
    correlationId: exampleEvents.BarsIngested.metadata.correlationId,
    cause: 'backfill',
    producer: 'cli',
    idempotencyKey: 'flatfiles/2026-11-23',
  };

  test('gives each event an id of its own', () => {
    const [one, two] = [newEvent('BarsIngested', request), newEvent('BarsIngested', request)];
    expect(one.detail.metadata.id).not.toBe(two.detail.metadata.id);
    expect(one.detail.metadata).toMatchObject({ schemaVersion: 1, causationId: null, cause: 'backfill' });
  });

  test('refuses to make an event that breaks its contract', () => {
    const data = { ...request.data, tradingDay: '2019-13-40' };
    expect(() => newEvent('BarsIngested', { ...request, data })).toThrow(
      'BarsIngested data.tradingDay is "2019-13-40": must match format "date"',
    );
  });
});

describe('parseEnvelope', () => {
  test('takes an envelope without an account, which some emulators leave out and nobody here reads', () => {
    const envelope = parseEnvelope(envelopeBody('BarsIngested', {}, { account: undefined }));
    expect(envelope).toMatchObject({ account: null, region: 'us-east-1' });
  });

  test('reads the first delivery and a replay', () => {
    const detail = exampleEvents.BarsIngested;
    const first = parseEnvelope(envelopeBody('BarsIngested', detail));
    expect(first).toMatchObject({
      source: 'fibonacci-bars',
      detailType: 'BarsIngested',
      detail,
      replayName: null,
    });
    const again = parseEnvelope(envelopeBody('BarsIngested', detail, { 'replay-name': 'november' }));
    expect(again.replayName).toBe('november');
  });

  test.each([
    ['', 'The message body is no JSON'],
    ['{"a":', 'The message body is no JSON'],
    ['null', 'Envelope is null: must be object'],
    [envelopeBody('BarsIngested', 'text'), 'Envelope detail is "text": must be object'],
    [
      envelopeBody('BarsIngested', {}, { time: 'yesterday' }),
      'Envelope time is "yesterday": must match format "date-time"',
    ],
  ])('refuses %s', (body, message) => {
    expect(() => parseEnvelope(body)).toThrow(ContractError);
    expect(() => parseEnvelope(body)).toThrow(message);
  });

  test('reads events of AWS Batch, whose detail has its own schema', () => {
    const detail = {
      jobId: 'j',
      jobName: 'resample-1',
      jobQueue: 'arn',
      status: 'FAILED',
      statusReason: 'Essential container exited',
      attempts: [{ container: { exitCode: 1 } }],
      tags: {},
    };
    const envelope = parseEnvelope(envelopeBody('Batch Job State Change', detail, { source: 'aws.batch' }));
    expect(envelope).toMatchObject({ source: 'aws.batch', detailType: 'Batch Job State Change' });
    expect(parseBatchJobStateChange(envelope.detail).attempts?.[0]?.container?.exitCode).toBe(1);
    expect(() => parseBatchJobStateChange({ ...detail, jobName: 7 })).toThrow(
      'Batch Job State Change jobName is 7: must be string',
    );
  });
});
