import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { pino } from 'pino';

export type LogLine = {
  level: number;
  msg: string;
  reason?: string;
  messageId?: string;
  err?: { message: string };
};

export type TestQueues = {
  readonly server: FauxqsServer;
  readonly sqs: SQSClient;
  /** A queue with a dead-letter queue behind it. */
  create(options?: { maxReceiveCount?: number }): TestQueue;
  close(): Promise<void>;
};

export type TestQueue = {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly logger: pino.Logger;
  readonly log: LogLine[];
  send(body: string, attributes?: Record<string, string>): Promise<void>;
  /** Of the messages that are visible or on loan. */
  bodies(): string[];
  counts(): { ready: number; inFlight: number; dead: number };
  deadLetters(): Promise<{ body: string; attributes: Record<string, string | undefined> }[]>;
};

/** SQS in this process, over its wire protocol. */
export async function startTestQueues(): Promise<TestQueues> {
  const server = await startFauxqs({ port: 0, logger: false });
  const sqs = new SQSClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    // Queue URLs name sqs.<region>.localhost, which not every machine resolves.
    useQueueUrlAsEndpoint: false,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  let created = 0;
  return {
    server,
    sqs,
    create({ maxReceiveCount = 3 } = {}) {
      const name = `queue-${++created}`;
      const dead = server.createQueue(`${name}-dead`);
      const queue = server.createQueue(name, {
        attributes: {
          VisibilityTimeout: '30',
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.queueArn, maxReceiveCount }),
        },
      });
      const log: LogLine[] = [];
      const logger = pino({ level: 'debug' }, { write: (line) => log.push(JSON.parse(line) as LogLine) });
      const messagesOf = (of: string) => server.inspectQueue(of)?.messages;
      return {
        queueUrl: queue.queueUrl,
        deadLetterQueueUrl: dead.queueUrl,
        logger,
        log,
        async send(body, attributes = {}) {
          await sqs.send(
            new SendMessageCommand({
              QueueUrl: queue.queueUrl,
              MessageBody: body,
              MessageAttributes: Object.fromEntries(
                Object.entries(attributes).map(([key, StringValue]) => [
                  key,
                  { DataType: 'String', StringValue },
                ]),
              ),
            }),
          );
        },
        bodies() {
          const { ready = [], inflight = [] } = messagesOf(name) ?? {};
          return [...ready, ...inflight.map(({ message }) => message)].map(({ body }) => body);
        },
        counts: () => ({
          ready: messagesOf(name)?.ready.length ?? 0,
          inFlight: messagesOf(name)?.inflight.length ?? 0,
          dead: messagesOf(`${name}-dead`)?.ready.length ?? 0,
        }),
        async deadLetters() {
          const { Messages = [] } = await sqs.send(
            new ReceiveMessageCommand({
              QueueUrl: dead.queueUrl,
              MaxNumberOfMessages: 10,
              MessageAttributeNames: ['All'],
              VisibilityTimeout: 0,
            }),
          );
          return Messages.map((message) => ({
            body: message.Body ?? '',
            attributes: Object.fromEntries(
              Object.entries(message.MessageAttributes ?? {}).map(([key, value]) => [key, value.StringValue]),
            ),
          }));
        },
      };
    },
    async close() {
      sqs.destroy();
      await server.stop();
    },
  };
}
