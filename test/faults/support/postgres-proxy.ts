import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Side } from './fault-points.ts';
import { endsAnswer, endsTurn, MessageReader, statementOf, typeOf } from './postgres-messages.ts';

export type PostgresProxy = {
  /** Of the same database, through the proxy. */
  readonly url: string;
  /** Ends all connections and refuses new ones. Resolves when the server has ended its sessions, and released what they held. */
  close(): Promise<void>;
};

export type PostgresFaults = {
  /** Asked for each statement of any connection, in the order in which they come. */
  readonly meet: (statement: string) => 'pass' | Side;
  /** Told when the fault happens; the connection breaks just after. */
  readonly onFault: () => void;
};

/** Stands between a program and PostgreSQL, and breaks a connection before a statement, or after it and before its answer. */
export async function startPostgresProxy(
  target: string,
  faults: PostgresFaults,
  listenPort = 0,
): Promise<PostgresProxy> {
  const { hostname, port } = new URL(target);
  const sessions = new Set<{ cut: () => void; ended: Promise<void> }>();
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    const ended = Promise.withResolvers<void>();
    const cut = () => {
      client.resetAndDestroy();
      // The server reads its end, and takes leave in peace.
      upstream.end();
    };
    const session = { cut, ended: ended.promise };
    sessions.add(session);
    upstream.once('close', () => {
      sessions.delete(session);
      client.destroy();
      ended.resolve();
    });
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.once('close', () => upstream.end());
    relay(client, upstream, faults, cut);
  });
  await new Promise<void>((resolve) => {
    server.listen(listenPort, '127.0.0.1', resolve);
  });
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async close() {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      const all = [...sessions];
      for (const session of all) session.cut();
      await Promise.all(all.map((session) => session.ended));
      await closed;
    },
  };
}

function relay(client: Socket, upstream: Socket, faults: PostgresFaults, cut: () => void): void {
  const fromClient = new MessageReader({ begun: false });
  const fromServer = new MessageReader({ begun: true });
  let turn: Buffer[] = [];
  let isStartup = true;
  let fatal = false;
  const breakNow = () => {
    faults.onFault();
    cut();
  };
  client.on('data', (bytes) => {
    for (const message of fromClient.push(bytes)) {
      if (client.destroyed) return;
      if (isStartup || passesAtOnce(message)) {
        isStartup = false;
        upstream.write(message);
        continue;
      }
      turn.push(message);
      if (!endsTurn(message)) continue;
      const verdict = faults.meet(statementOf(turn));
      if (verdict === 'before') {
        breakNow();
        return;
      }
      fatal ||= verdict === 'after';
      upstream.write(Buffer.concat(turn));
      turn = [];
    }
  });
  upstream.on('data', (bytes) => {
    if (!fatal) client.write(bytes);
    // A client sends its next turn when it has the whole answer to the last: this answer begins with a message.
    else if (fromServer.push(bytes).some(endsAnswer)) breakNow();
  });
}

/** CopyData, a password, and the end of a session are no statements. */
function passesAtOnce(message: Buffer): boolean {
  return ['d', 'p', 'X', 'f'].includes(typeOf(message));
}
