import { type AddressInfo, connect, createServer } from 'node:net';

/** The message of a simple query: its type, its length, its text. */
const commit = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

export type LateCommitProxy = {
  /** Of the same database, through the proxy. */
  readonly url: string;
  /** Cuts the next connection that commits, and hands its COMMIT over later: long after it was asked whether it had arrived. */
  arm(): void;
  close(): Promise<void>;
};

const lateMs = 400;

/** Stands between a program and PostgreSQL, as a network does that breaks towards one side first. */
export async function startLateCommitProxy(target: string): Promise<LateCommitProxy> {
  const { hostname, port } = new URL(target);
  let armed = false;
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    let cut = false;
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.on('data', (bytes) => {
      if (!armed || !bytes.subarray(-commit.length).equals(commit)) {
        upstream.write(bytes);
        return;
      }
      armed = false;
      cut = true;
      client.resetAndDestroy();
      setTimeout(() => upstream.end(bytes), lateMs);
    });
    upstream.on('data', (bytes) => {
      if (!cut) client.write(bytes);
    });
    upstream.on('close', () => client.destroy());
    client.on('close', () => {
      if (!cut) upstream.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    arm() {
      armed = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
