import { parseEnvelope, parseEvent } from '../../../events/parse.ts';
import type { SilverUpdated } from '../../../events/silver-updated.ts';
import { consume } from '../../shared/consume.ts';
import type { Logger } from '../../shared/logger.ts';
import { PoisonMessageError } from '../../shared/poison-message-error.ts';
import { makeOwnQueue, type OwnQueueDeps, removeOwnQueue } from './own-queue.ts';
import type { SilverSource } from './silver-source.ts';

/** Subscribes to the bus as any other program may, with a queue of its own, for as long as it listens. */
export function queueSource(deps: OwnQueueDeps & { readonly logger: Logger }): SilverSource {
  return {
    async start({ hear }) {
      const queue = await makeOwnQueue(deps);
      const stopping = new AbortController();
      const consumed = consume(
        { ...queue, sqs: deps.sqs, logger: deps.logger },
        {
          parse: parseSilver,
          handle(events) {
            for (const event of events) hear(event);
            return Promise.resolve();
          },
          signal: stopping.signal,
        },
      );
      consumed.catch((error: unknown) => deps.logger.error({ err: error }, 'live events have ended'));
      return {
        async stop() {
          stopping.abort();
          await consumed;
          await removeOwnQueue(deps);
        },
      };
    },
  };
}

function parseSilver({ body }: { body: string }): SilverUpdated {
  const { detailType, detail } = parseEnvelope(body);
  const event = parseEvent(detailType, detail);
  if (event.detailType === 'SilverUpdated') return event.detail;
  throw new PoisonMessageError(`this queue takes SilverUpdated, not ${event.detailType}`);
}
