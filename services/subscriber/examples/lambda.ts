import type { AnyEvent } from '../../../events/any-event.ts';
import { parseEnvelope, parseEvent } from '../../../events/parse.ts';

type QueueEvent = { readonly Records: readonly { readonly messageId: string; readonly body: string }[] };
type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/**
 * Makes a Lambda handler for a queue, whose event source mapping has `FunctionResponseTypes: ['ReportBatchItemFailures']`: a message
 * that fails, also one that breaks its contract, comes again alone and goes to the dead-letter queue after maxReceiveCount receives.
 * @param hear takes what the rule lets through: `event.detailType` tells the types apart.
 */
export function createLambda(hear: (event: AnyEvent) => Promise<void>) {
  return async ({ Records }: QueueEvent): Promise<BatchResponse> => {
    const batchItemFailures: BatchResponse['batchItemFailures'] = [];
    for (const { messageId, body } of Records) {
      try {
        const { detailType, detail } = parseEnvelope(body);
        await hear(parseEvent(detailType, detail));
      } catch (error) {
        process.stderr.write(`${messageId}: ${String(error)}\n`);
        batchItemFailures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures };
  };
}
