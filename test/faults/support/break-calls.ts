import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { FaultPoints } from './fault-points.ts';

type Handler = EventBridgeClient['config']['requestHandler'];
type Request = { readonly path?: string; readonly headers?: Readonly<Record<string, string>> };

export type CallFaults = {
  readonly points: FaultPoints;
  /** Whether the process is gone: then no call leaves it, and none comes back. */
  readonly isGone: () => boolean;
  readonly onFault: () => void;
};

/**
 * Counts each request of an SDK client, each of the SDK's own attempts too, and breaks the one that is the fault: before it leaves,
 * or when its answer has come.
 */
export function breakCalls(
  client: { readonly config: { readonly requestHandler: Handler } },
  { points, isGone, onFault }: CallFaults,
): void {
  const handler = client.config.requestHandler;
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    if (isGone()) throw broken();
    const verdict = points.meet(nameOf(request));
    if (verdict === 'before') {
      onFault();
      throw broken();
    }
    const answer = await handle(request, options);
    if (verdict === 'after') onFault();
    if (verdict === 'after' || isGone()) {
      (answer.response as { body?: { destroy?: () => void } }).body?.destroy?.();
      throw broken();
    }
    return answer;
  };
}

/** As `AWSEvents.PutEvents`, or the path where the protocol names no operation. */
function nameOf({ path, headers }: Request): string {
  return headers?.['x-amz-target'] ?? headers?.['X-Amz-Target'] ?? path ?? '';
}

/** What Node.js says of a connection that breaks. */
function broken(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}
