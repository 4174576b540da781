import type { DetailByType, DetailType } from '../../events/any-event.ts';

const metadata = {
  id: '0b3c9d52-6f0e-4a86-9d3c-0c7a5f1f6a01',
  occurredAt: '2026-11-23T21:20:05.123Z',
  correlationId: 'c1a7d3f4-52b7-4f59-8f2d-0f4c4f0b7f02',
  causationId: null,
  idempotencyKey: 'flatfiles/2026-11-23',
  producer: 'fetcher',
  schemaVersion: 1,
  cause: 'live',
} as const;

/** One good event of each kind, with every optional field. */
export const exampleEvents: DetailByType = {
  BarsIngested: {
    metadata,
    data: {
      tradingDay: '2026-11-23',
      source: 'flatfiles',
      bars: 3,
      inserted: 1,
      corrected: 1,
      deleted: 0,
      unchanged: 1,
      quarantined: 2,
      symbols: ['AAPL', 'BRK.B', 'CpS'],
    },
  },
  BarsRestated: {
    metadata: { ...metadata, cause: 'split' },
    data: { symbols: ['AAPL'], reason: 'split', fromDate: '2013-05-13', source: 'massive' },
  },
  SilverUpdated: {
    metadata: { ...metadata, producer: 'resampler', causationId: metadata.id },
    data: {
      interval: 21,
      table: 'silver_21d',
      symbols: ['AAPL', 'MSFT'],
      completedSymbols: ['AAPL'],
      from: '2026-11-02',
      changedRows: 2,
      sequence: 7,
      jobId: '5d1b9f0e-6f0e-4a86-9d3c-0c7a5f1f6a03',
      runId: '6e2c0a1f-6f0e-4a86-9d3c-0c7a5f1f6a04',
    },
  },
  ResampleFailed: {
    metadata: { ...metadata, producer: 'dispatcher' },
    data: {
      jobId: '5d1b9f0e-6f0e-4a86-9d3c-0c7a5f1f6a03',
      batchJobId: 'b-1',
      intervals: [3, 5],
      symbolCount: 2,
      attempts: 3,
      reason: 'OutOfMemoryError: the container was killed',
    },
  },
};

export const detailTypes = Object.keys(exampleEvents) as DetailType[];

/** A copy of a good event in which the field at `path` is `value`; undefined removes it. */
export function broken(detailType: DetailType, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(exampleEvents[detailType]) as unknown as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, copy);
  const last = path.at(-1) ?? '';
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** The body of a queue message that carries `detail`, as EventBridge writes it. */
export function envelopeBody(detailType: string, detail: unknown, more: object = {}): string {
  return JSON.stringify({
    version: '0',
    id: '9c8b7a65-0000-4000-8000-000000000000',
    'detail-type': detailType,
    source: 'fibonacci-bars',
    account: '000000000000',
    time: '2026-11-23T21:20:05Z',
    region: 'us-east-1',
    resources: [],
    detail,
    ...more,
  });
}
