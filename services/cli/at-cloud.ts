import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { topology } from '../../infra/topology.ts';
import { type AwsClients, createAwsClients } from '../shared/aws-clients.ts';
import { describeMissing } from './redrive/dead-letter-queues.ts';
import { atWorkplace, type WorkplaceDeps } from './workplace.ts';

/** Queues and bus that a command works with, without a look at the database. */
export type Cloud = {
  readonly aws: AwsClients;
  readonly busName: string;
  /** Waits until what was set off is done, where a pipeline on this machine does it. */
  settle(): Promise<void>;
};

/**
 * Works with the cloud that the settings lead to: AWS or an emulator, whose database nobody else may reach; or that of this
 * machine's pipeline, which runs for as long as the work takes unless `fibbars up` runs it.
 * @throws {NoDataError} if there is nothing on this machine.
 */
export async function atCloud<T>(
  deps: WorkplaceDeps,
  command: string,
  work: (cloud: Cloud) => Promise<T>,
): Promise<T> {
  const { aws: config, names } = deps.settings;
  if (config === undefined) {
    return await atWorkplace(deps, { command, needsData: true }, (place) =>
      work({
        aws: place.aws,
        busName: place.busName,
        async settle() {
          if (!place.own) await untilEmpty(place.aws.sqs, topology.queues.dispatcher.name, deps.signal);
          await place.settle();
        },
      }),
    );
  }
  const aws = createAwsClients(config);
  try {
    return await work({ aws, busName: names.bus ?? topology.bus, settle: () => Promise.resolve() });
  } finally {
    aws.destroy();
  }
}

/**
 * What the database says of pending work tells nothing of messages that nobody has read yet.
 * @throws {Error} that says what to do, if there is no such queue.
 */
export async function untilEmpty(sqs: SQSClient, name: string, signal: AbortSignal): Promise<void> {
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    while (!signal.aborted) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      if (Object.values(Attributes ?? {}).every((count) => count === '0')) return;
      await sleep(100, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    throw new Error(`There is no queue ${describeMissing([name])}`, { cause: error });
  }
}
