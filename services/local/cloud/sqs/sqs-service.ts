import type { DatabaseSync } from 'node:sqlite';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { transaction } from '../state-database.ts';
import * as fauxqs from './fauxqs.ts';

export type Body = Record<string, unknown>;

export type OutgoingMessage = {
  readonly queueArn: string;
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
};

export type QueueDepth = {
  readonly name: string;
  readonly arn: string;
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Where its redrive policy sends messages, if it has one. */
  readonly deadLetterQueueArn: string | undefined;
};

export type SqsService = {
  /** Answers one call of the API; `gone` fires when the caller has hung up. */
  call(operation: string, body: Body, gone: AbortSignal): Promise<object>;
  hasQueue(queueArn: string): boolean;
  /** Accepts all messages, durably, or none. Every queue must exist. */
  send(messages: readonly OutgoingMessage[]): void;
  depths(): QueueDepth[];
  close(): void;
};

type Action = (body: Body, store: fauxqs.SqsStore, request: { headers: object }) => unknown;
type Waiting = { waitForMessages(seconds: number): Promise<void> };

const actions = {
  ChangeMessageVisibility: fauxqs.changeMessageVisibility,
  ChangeMessageVisibilityBatch: fauxqs.changeMessageVisibilityBatch,
  CreateQueue: fauxqs.createQueue,
  DeleteMessage: fauxqs.deleteMessage,
  DeleteMessageBatch: fauxqs.deleteMessageBatch,
  DeleteQueue: fauxqs.deleteQueue,
  GetQueueAttributes: fauxqs.getQueueAttributes,
  GetQueueUrl: fauxqs.getQueueUrl,
  ListQueues: fauxqs.listQueues,
  ListQueueTags: fauxqs.listQueueTags,
  PurgeQueue: fauxqs.purgeQueue,
  ReceiveMessage: fauxqs.receiveMessage,
  SendMessage: fauxqs.sendMessage,
  SendMessageBatch: fauxqs.sendMessageBatch,
  SetQueueAttributes: fauxqs.setQueueAttributes,
  TagQueue: fauxqs.tagQueue,
  UntagQueue: fauxqs.untagQueue,
} as unknown as Record<string, Action>;

export type SqsOptions = {
  /** Kept in it. */
  readonly directory: string;
  /** Queue URLs are those of it, so that SDKs come back to our port. */
  readonly host: string;
  /** Whoever received messages before is gone: they are visible at once, and not when their visibility times out. */
  readonly receiversAreGone: boolean;
};

/** SQS over fauxqs's queues. */
export function openSqsService(
  account: Account,
  { directory, host, receiversAreGone }: SqsOptions,
): SqsService {
  const persistence = new fauxqs.PersistenceManager(directory);
  const sqlite = (persistence as unknown as { db: DatabaseSync }).db;
  sqlite.exec('pragma synchronous = normal');
  const makeVisible = sqlite.prepare(
    'update sqs_messages set receipt_handle = null, visibility_deadline = null where message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => void makeVisible.run(messageId);

  if (receiversAreGone) {
    sqlite.exec('update sqs_messages set receipt_handle = null, visibility_deadline = null');
  }
  const store = new fauxqs.SqsStore();
  store.region = account.region;
  store.host = '';
  persistence.loadSqsAndSns(store, new fauxqs.SnsStore());
  store.persistence = persistence;
  for (const queue of store.allQueues()) queue.persistence = persistence;
  moveTo(host, store);
  const request = { headers: { host } };
  let closed = false;

  function run(operation: string, body: Body): unknown {
    const action = Object.hasOwn(actions, operation) ? actions[operation] : undefined;
    if (!action) {
      throw new AwsError('InvalidAction', `The local cloud does not implement SQS ${operation}`);
    }
    return transaction(sqlite, () => action(body, store, request));
  }

  async function receive(body: Body, gone: AbortSignal): Promise<object> {
    const queue = typeof body['QueueUrl'] === 'string' ? store.getQueue(body['QueueUrl']) : undefined;
    const waitSeconds = Number(body['WaitTimeSeconds'] ?? queue?.attributes['ReceiveMessageWaitTimeSeconds']);
    const deadline = Date.now() + 1_000 * waitSeconds;
    for (;;) {
      const leftSeconds = (deadline - Date.now()) / 1_000;
      // The last word on the wait's bounds is fauxqs's; waiting itself is ours, because it would take messages for a caller that has gone.
      const wait = waitSeconds >= 0 && waitSeconds <= 20 ? 0 : waitSeconds;
      const result = (await run('ReceiveMessage', { ...body, WaitTimeSeconds: wait })) as {
        Messages?: unknown;
      };
      if (result.Messages !== undefined || !(leftSeconds > 0) || !queue) return result;
      await untilGone((queue as Waiting).waitForMessages(leftSeconds), gone);
      if (gone.aborted || closed) return {};
    }
  }

  return {
    async call(operation, body, gone) {
      if (closed) throw new AwsError('ServiceUnavailable', 'The local cloud is closing', 503);
      try {
        if (operation === 'ReceiveMessage') return await receive(body, gone);
        return ((await run(operation, body)) as object | undefined) ?? {};
      } catch (error) {
        if (error instanceof fauxqs.SqsError) {
          throw new AwsError(error.code, error.message, error.statusCode);
        }
        throw error;
      }
    },
    hasQueue: (queueArn) => store.getQueueByArn(queueArn) !== undefined,
    send(messages) {
      const sends = messages.map((message) => {
        const queue = store.getQueueByArn(message.queueArn);
        if (!queue) throw new Error(`No queue ${message.queueArn}`);
        const delaySeconds = Number(queue.attributes['DelaySeconds']);
        return {
          queue,
          message: fauxqs.SqsStore.createMessage(message.body, toAttributes(message), delaySeconds),
        };
      });
      transaction(sqlite, () => {
        for (const { queue, message } of sends) queue.enqueue(message);
      });
    },
    depths: () => [...store.allQueues()].map(depthOf),
    close() {
      closed = true;
      store.shutdown();
      persistence.close();
    },
  };
}

/** Queue URLs hold the port, which may be another than when the queues were made. */
function moveTo(host: string, store: fauxqs.SqsStore): void {
  const byUrl = (store as unknown as { queues: Map<string, fauxqs.SqsQueue> }).queues;
  for (const queue of Array.from(byUrl.values())) {
    byUrl.delete(queue.url);
    (queue as { url: string }).url = `http://${host}${new URL(queue.url).pathname}`;
    byUrl.set(queue.url, queue);
  }
}

function depthOf(queue: fauxqs.SqsQueue): QueueDepth {
  // Messages come back from a consumer that died only when somebody looks.
  queue.processTimers();
  const policy = queue.attributes['RedrivePolicy'];
  const redrive = policy ? (JSON.parse(policy) as { deadLetterTargetArn?: string }) : {};
  return {
    name: queue.name,
    arn: queue.arn,
    visible: Number(queue.getAttribute('ApproximateNumberOfMessages')),
    inFlight: Number(queue.getAttribute('ApproximateNumberOfMessagesNotVisible')),
    delayed: Number(queue.getAttribute('ApproximateNumberOfMessagesDelayed')),
    deadLetterQueueArn: redrive.deadLetterTargetArn,
  };
}

function toAttributes(message: OutgoingMessage): Record<string, fauxqs.MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(message.attributes ?? {}).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value },
    ]),
  );
}

/** Resolves with the wait, or as soon as the caller has gone. */
function untilGone(wait: Promise<void>, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  const aborted = Promise.withResolvers<void>();
  const onAbort = () => aborted.resolve();
  gone.addEventListener('abort', onAbort);
  return Promise.race([wait, aborted.promise]).finally(() => gone.removeEventListener('abort', onAbort));
}
