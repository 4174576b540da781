import { DescribeArchiveCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Pipeline } from './api.ts';
import { paced } from './paced.ts';

/** What of the flow runs outside of the database, by the names that it has where the pipeline runs. */
export type Cloud = {
  readonly eventBridge: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly busName: string;
  /** The archive that keeps each event of the bus. */
  readonly archiveName: string;
  /** Of the dispatcher. */
  readonly queueUrl: string;
  readonly deadLetterQueueUrls: readonly string[];
};

export type CloudCounts = Pick<Pipeline, 'bus' | 'queue' | 'deadLetters'>;

export const unseen: CloudCounts = { bus: null, queue: null, deadLetters: null };

/** The local cloud reads its whole archive for it, in the process that the pipeline runs in. */
const archivePace = { leastMs: 400, rest: 100, mostMs: 60_000, giveLast: true };

/** Counts events that the bus keeps, and messages in the queues, as approximately as SQS does. */
export function createCloudCounter(cloud: Cloud): () => Promise<CloudCounts> {
  const archived = paced(async () => {
    const archive = await cloud.eventBridge.send(
      new DescribeArchiveCommand({ ArchiveName: cloud.archiveName }),
    );
    return archive.EventCount ?? 0;
  }, archivePace);
  return async () => {
    const [events, queue, ...deadLetters] = await Promise.all([
      archived(),
      depthOf(cloud.sqs, cloud.queueUrl),
      ...cloud.deadLetterQueueUrls.map((url) => depthOf(cloud.sqs, url)),
    ]);
    return {
      bus: { events },
      queue,
      deadLetters: deadLetters.reduce((sum, { waiting, inFlight }) => sum + waiting + inFlight, 0),
    };
  };
}

async function depthOf(sqs: SQSClient, url: string): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes?.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
