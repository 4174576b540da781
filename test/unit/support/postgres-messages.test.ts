import { expect, test } from 'vitest';
import { endsTurn, MessageReader, statementOf, typeOf } from '../../faults/support/postgres-messages.ts';

function message(type: string, body: string): Buffer {
  const bytes = Buffer.alloc(type.length + 4 + body.length);
  bytes.write(type, 'latin1');
  bytes.writeInt32BE(4 + body.length, type.length);
  bytes.write(body, type.length + 4, 'latin1');
  return bytes;
}

const startup = message('', '\0\x03\0\0user\0me\0\0');
const query = message('Q', 'begin\0');
const prepared = [message('P', 'take\0delete from x\0\0\0'), message('B', '\0take\0\0\0'), message('S', '')];

test('messages are the same however the bytes are cut, and the first has no type', () => {
  const bytes = Buffer.concat([startup, query, ...prepared]);
  for (const size of [1, 2, 5, 7, 64, bytes.length]) {
    const reader = new MessageReader({ begun: false });
    const found: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) found.push(...reader.push(bytes.subarray(at, at + size)));
    expect(found.map(String)).toEqual([startup, query, ...prepared].map(String));
  }
});

test('a turn ends with Query or Sync, and is told by its text or its name', () => {
  expect([query, ...prepared].filter(endsTurn).map(typeOf)).toEqual(['Q', 'S']);
  expect(statementOf([query])).toBe('begin');
  expect(statementOf(prepared)).toBe('delete from x');
  expect(statementOf(prepared.slice(1))).toBe('take');
  expect(statementOf([message('c', '')])).toBe('end of COPY');
});
