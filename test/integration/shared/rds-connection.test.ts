/** TLS and tokens against a server that speaks PostgreSQL's protocol as far as signing in. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { type ConnectionDeps, connectionOptions } from '../../../services/shared/connection-options.ts';
import rdsRoots from '../../../services/shared/rds-roots.json' with { type: 'json' };
import { localhostCertificate } from '../../support/localhost-certificate.ts';

const url = 'postgres://fetcher@bars.cluster-abc.us-east-1.rds.amazonaws.com/bars?auth=iam';
const ours: ConnectionDeps = {
  signToken: () => Promise.resolve('the token'),
  roots: { 'us-east-1': [localhostCertificate.root] },
};

let server: Server;
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

/** Asks for a password in clear, as RDS does for a token, and keeps what it was sent after the request for TLS. */
async function listen({ tls }: { tls: boolean }): Promise<{ port: number; heard: () => string }> {
  const heard: Buffer[] = [];
  server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(tls ? 'S' : 'N');
      const plain = tls
        ? new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(localhostCertificate) })
        : socket;
      plain.on('error', () => {});
      plain.once('data', (startup: Buffer) => {
        heard.push(startup);
        plain.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
        plain.on('data', (message: Buffer) => {
          heard.push(message);
          // AuthenticationOk, ReadyForQuery.
          plain.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]));
        });
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, heard: () => Buffer.concat(heard).toString() };
}

/** Connects as to RDS, but to this machine. */
async function connect(port: number, deps?: Partial<ConnectionDeps>, host = 'localhost'): Promise<void> {
  const client = new pg.Client({ ...connectionOptions(url, { ...ours, ...deps }), host, port });
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}

test('the token goes to a server that RDS vouches for', async () => {
  const { port, heard } = await listen({ tls: true });
  await connect(port);
  expect(heard()).toContain('the token');
  expect(heard()).toContain('fetcher');
});

test('a server that another authority vouches for is refused before it is sent anything', async () => {
  const { port, heard } = await listen({ tls: true });
  await expect(connect(port, { roots: rdsRoots })).rejects.toThrow(/certificate/);
  expect(heard()).toBe('');
});

test('a server whose certificate is for another host is refused before it is sent anything', async () => {
  const { port, heard } = await listen({ tls: true });
  await expect(connect(port, {}, '127.0.0.1')).rejects.toThrow(/127\.0\.0\.1/);
  expect(heard()).toBe('');
});

test('a server without TLS is sent nothing', async () => {
  const { port, heard } = await listen({ tls: false });
  await expect(connect(port)).rejects.toThrow(/SSL/);
  expect(heard()).toBe('');
});
