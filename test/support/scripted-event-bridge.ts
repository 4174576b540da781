import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

export type SentEntry = {
  Source: string;
  DetailType: string;
  Detail: string;
  Time: number;
  EventBusName: string;
};

/** What PutEvents answers for one entry: null takes it, a string is its ErrorCode. */
export type Script = (
  entry: SentEntry,
  request: { index: number; entries: SentEntry[] },
) => string | null | Promise<string | null>;

export type ScriptedEventBridge = {
  readonly endpoint: string;
  readonly client: EventBridgeClient;
  /** Entries of each request, in the order of arrival. */
  readonly requests: SentEntry[][];
  /** Most requests that were under way at once. */
  readonly mostInFlight: () => number;
  /** Replaces what it answers; `httpError` fails whole requests with that error type. */
  script(script: Script, httpError?: (entries: SentEntry[]) => string | null): void;
  close(): Promise<void>;
};

const takeAll = () => null;

/** PutEvents over its wire protocol, with answers of the test's choice. */
export async function startScriptedEventBridge(): Promise<ScriptedEventBridge> {
  const requests: SentEntry[][] = [];
  let answer: Script = takeAll;
  let failure: (entries: SentEntry[]) => string | null = takeAll;
  let inFlight = 0;
  let most = 0;

  const server = createServer((request, response) => {
    const respond = async () => {
      most = Math.max(most, ++inFlight);
      const { Entries: entries } = (await json(request)) as { Entries: SentEntry[] };
      const index = requests.push(entries) - 1;
      const type = failure(entries);
      const results = type
        ? []
        : await Promise.all(entries.map(async (entry) => await answer(entry, { index, entries })));
      const body = type
        ? { __type: type, message: 'scripted' }
        : {
            FailedEntryCount: results.filter(Boolean).length,
            Entries: results.map((code, i) =>
              code ? { ErrorCode: code, ErrorMessage: 'scripted' } : { EventId: `${index}-${i}` },
            ),
          };
      inFlight--;
      response.writeHead(type ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    respond().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new EventBridgeClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    endpoint,
    client,
    requests,
    mostInFlight: () => most,
    script(script, httpError = takeAll) {
      answer = script;
      failure = httpError;
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
