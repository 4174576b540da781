import { parseEnvelope, parseEvent } from '../../../events/parse.ts';
import type { SilverUpdated } from '../../../events/silver-updated.ts';

type QueueEvent = { readonly Records: readonly { readonly messageId: string; readonly body: string }[] };
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/**
 * Makes a Lambda handler for a queue, whose event source mapping has `FunctionResponseTypes: ['ReportBatchItemFailures']`: a message
 * that fails, also one that breaks its contract, comes again alone and goes to the dead-letter queue after maxReceiveCount receives.
 */
export function createLambda(hear: (event: SilverUpdated) => Promise<void>) {
  return async ({ Records }: QueueEvent): Promise<BatchResponse> => {
    const batchItemFailures: BatchResponse['batchItemFailures'] = [];
    for (const { messageId, body } of Records) {
      try {
        const { detailType, detail } = parseEnvelope(body);
        const event = parseEvent(detailType, detail);
        if (event.detailType === 'SilverUpdated') await hear(event.detail);
      } catch (error) {
        process.stderr.write(`${messageId}: ${String(error)}\n`);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}
