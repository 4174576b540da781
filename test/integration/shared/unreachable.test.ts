import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { DatabaseUnreachableError, openDatabase } from '../../../services/shared/database.ts';

/** Of a server that is not there any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('connecting is tried again for as long as it is worth it', async () => {
  let [asked, retried] = [0, 0];
  const db = openDatabase({
    connectionString: `postgres://nobody:secret@127.0.0.1:${await closedPort()}/none`,
    keepTrying: () => ++asked < 3,
    onRetry: () => {
      retried++;
    },
  });
  const error = await db.query('select 1').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatabaseUnreachableError);
  expect(String(error)).toMatch(/nobody:\*\*\*@127\.0\.0\.1.*ECONNREFUSED.*Check DATABASE_URL/);
  expect({ asked, retried }).toEqual({ asked: 3, retried: 2 });
  await db.close();
});
