import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request: it passes, at once or late, is never forwarded, or is forwarded and its answer never given. */
export type Interception = 'pass' | 'late' | 'hold-request' | 'hold-answer';

const lateMs = 1_500;

export type InterceptingProxy = {
  readonly endpoint: string;
  close(): Promise<void>;
};

/**
 * Stands between a client and an endpoint; `held` is told once a request is held where `choose` said.
 * @param choose from the path, and the operation as `AmazonSQS.SendMessage` where the protocol names it in a header.
 */
export async function startInterceptingProxy(
  target: string,
  choose: (path: string, operation: string) => Interception,
  held: () => void,
): Promise<InterceptingProxy> {
  const server = createServer((incoming, outgoing) => {
    const what = choose(incoming.url ?? '', String(incoming.headers['x-amz-target'] ?? ''));
    if (what === 'hold-request') {
      incoming.resume().on('end', held);
      return;
    }
    const { method, headers } = incoming;
    const onward = forward(new URL(incoming.url ?? '', target), { method, headers }, (answer) => {
      if (what === 'hold-answer') {
        answer.resume().on('end', held);
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    setTimeout(() => incoming.pipe(onward), what === 'late' ? lateMs : 0);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
