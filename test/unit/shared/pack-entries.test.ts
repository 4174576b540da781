import { expect, test } from 'vitest';
import {
  type BusEntry,
  entryBytes,
  maxRequestBytes,
  packEntries,
} from '../../../services/shared/pack-entries.ts';

function entry(id: number, detailBytes = 100): BusEntry {
  return {
    id: String(id),
    source: 'source',
    detailType: 'Type',
    detail: 'x'.repeat(detailBytes),
    time: new Date(0),
  };
}

const overhead = 14 + 'source'.length + 'Type'.length;

test('counts an entry as AWS does: 14 bytes for the time, and UTF-8 bytes, not characters', () => {
  expect(entryBytes({ ...entry(1), detail: 'é€😀' })).toBe(overhead + 2 + 3 + 4);
});

test('puts ten entries in a request and keeps their order', () => {
  const { requests } = packEntries(Array.from({ length: 23 }, (_, i) => entry(i)));
  expect(requests.map((request) => request.length)).toEqual([10, 10, 3]);
  expect(requests.flat().map(({ id }) => Number(id))).toEqual(Array.from({ length: 23 }, (_, i) => i));
});

test('starts a request when the bytes would not fit, and fills one to the last byte', () => {
  const half = Math.floor(maxRequestBytes / 2) - overhead;
  const fits = packEntries([entry(1, half), entry(2, maxRequestBytes - half - 2 * overhead)]);
  expect(fits.requests).toHaveLength(1);
  const over = packEntries([entry(1, half), entry(2, maxRequestBytes - half - 2 * overhead + 1)]);
  expect(over.requests).toHaveLength(2);
});

test('sets an entry aside that no request can hold, and sends its neighbours', () => {
  const packed = packEntries([entry(1), entry(2, maxRequestBytes - overhead + 1), entry(3)]);
  expect(packed.tooLarge.map(({ id }) => id)).toEqual(['2']);
  expect(packed.requests.map((request) => request.map(({ id }) => id))).toEqual([['1', '3']]);
  expect(packEntries([entry(1, maxRequestBytes - overhead)]).tooLarge).toEqual([]);
});

test('makes no request of nothing', () => {
  expect(packEntries([])).toEqual({ requests: [], tooLarge: [] });
});
