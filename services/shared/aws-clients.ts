import { BatchClient } from '@aws-sdk/client-batch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsConfig } from './aws-config.ts';
import { naming } from './endpoint-unreachable-error.ts';

export type AwsClients = {
  readonly eventBridge: EventBridgeClient;
  readonly sqs: SQSClient;
  readonly batch: BatchClient;
  /** Closes their connections. */
  destroy(): void;
};

/**
 * Clients that give up rather than hang: SDK clients wait for an answer for ever by default. Where an endpoint is set and nobody
 * answers there, they throw an EndpointUnreachableError.
 */
export function createAwsClients(config: AwsConfig): AwsClients {
  const common = {
    region: config.region,
    // Four tries with the SDK's backoff ride over a restart of the endpoint, and over throttling.
    maxAttempts: 4,
    ...(config.endpoint && { endpoint: config.endpoint }),
    ...(config.credentials && { credentials: config.credentials }),
  };
  const handler = (requestTimeout: number) => ({
    requestHandler: { connectionTimeout: 3_000, requestTimeout, throwOnRequestTimeout: true },
  });
  const eventBridge = new EventBridgeClient({ ...common, ...handler(15_000) });
  // SubmitJob has no idempotency token: a call that the SDK repeats by itself may start two jobs. Who submits looks first.
  const batch = new BatchClient({ ...common, maxAttempts: 1, ...handler(15_000) });
  const sqs = new SQSClient({
    ...common,
    // A long poll takes 20 s.
    ...handler(30_000),
    // Emulators hand out queue URLs with host names that only they can resolve.
    ...(config.endpoint && { useQueueUrlAsEndpoint: false }),
  });
  if (config.endpoint) {
    const [middleware, where] = [naming(config.endpoint), { step: 'initialize' } as const];
    eventBridge.middlewareStack.add(middleware, where);
    batch.middlewareStack.add(middleware, where);
    sqs.middlewareStack.add(middleware, where);
  }
  return {
    eventBridge,
    sqs,
    batch,
    destroy() {
      for (const client of [eventBridge, sqs, batch]) client.destroy();
    },
  };
}
