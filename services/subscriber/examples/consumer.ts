import type { DetailByType, DetailType, EventOf } from '../../../events/any-event.ts';
import { parseEnvelope, parseEvent } from '../../../events/parse.ts';
import { type ConsumeDeps, consume } from '../../shared/consume.ts';
import { PoisonMessageError } from '../../shared/poison-message-error.ts';

/** What to do with an event of each type. It must stop when its `signal` aborts: then the event comes again. */
type Hear = { [T in DetailType]?: (event: DetailByType[T], signal: AbortSignal) => Promise<void> };

/** Calls `hear` for each event of the queue, for one that was heard to its end not again, until `signal` aborts. */
export async function hearEvents(queue: ConsumeDeps, hear: Hear, signal: AbortSignal): Promise<void> {
  const parse = ({ body }: { body: string }) => {
    const { detailType, detail } = parseEnvelope(body);
    const event = parseEvent(detailType, detail);
    if (hear[event.detailType]) return event;
    throw new PoisonMessageError(`${Object.keys(hear).join(' or ')}, not ${event.detailType}`);
  };
  const tell = async <T extends DetailType>({ detailType, detail }: EventOf<T>, deadline: AbortSignal) =>
    await hear[detailType]?.(detail, deadline);
  const heard = new Set<string>();
  const handle = async (events: ReturnType<typeof parse>[], deadline: AbortSignal) => {
    for (const event of events) {
      deadline.throwIfAborted();
      const { idempotencyKey } = event.detail.metadata;
      if (!heard.has(idempotencyKey)) await tell(event, deadline);
      heard.add(idempotencyKey);
    }
  };
  await consume(queue, { parse, handle, signal });
}
