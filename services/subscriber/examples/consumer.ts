import { parseEnvelope, parseEvent } from '../../../events/parse.ts';
import type { SilverUpdated } from '../../../events/silver-updated.ts';
import { type ConsumeDeps, consume } from '../../shared/consume.ts';
import { PoisonMessageError } from '../../shared/poison-message-error.ts';

type Hear = (event: SilverUpdated) => Promise<void>;

function parse({ body }: { body: string }): SilverUpdated {
  const { detailType, detail } = parseEnvelope(body);
  const event = parseEvent(detailType, detail);
  if (event.detailType === 'SilverUpdated') return event.detail;
  throw new PoisonMessageError(`SilverUpdated, not ${event.detailType}`);
}

/** Calls `hear` for each event of the queue, for one that comes again not a second time, until `signal` aborts. */
export async function hearSilver(queue: ConsumeDeps, hear: Hear, signal: AbortSignal): Promise<void> {
  const heard = new Set<string>();
  const handle = async (events: SilverUpdated[]) => {
    for (const event of events) {
      if (!heard.has(event.metadata.idempotencyKey)) await hear(event);
      heard.add(event.metadata.idempotencyKey);
    }
  };
  await consume(queue, { parse, handle, signal });
}
