import type { Logger } from '../../shared/logger.ts';
import type { Pipeline } from '../api.ts';
import type { Answer } from '../http/route.ts';
import type { LiveFeed } from './live-feed.ts';
import { startPulse } from './pulse.ts';
import { type SilverSource, toldOf } from './silver-source.ts';
import { whileWatched } from './while-watched.ts';

export type LiveDeps = {
  readonly feed: LiveFeed;
  readonly source: SilverSource;
  readonly count: () => Promise<Pipeline>;
  readonly logger: Logger;
  /** How long events are kept coming for pages that have left and may come back. */
  readonly lingerMs?: number;
};

export type Live = { readonly answer: Answer; close(): Promise<void> };

/** The live events. What they are made of runs only while a page listens. */
export function createLive({ feed, source, count, logger, lingerMs = 60_000 }: LiveDeps): Live {
  const silver = whileWatched({
    start: () => source.start({ hear: (event) => feed.tell(toldOf(event)), lose: () => feed.renew() }),
    // Whatever came before, nobody heard it.
    onStarted: () => feed.renew(),
    lingerMs,
    logger,
  });
  const pulse = whileWatched({
    start: () => Promise.resolve(startPulse({ count, tell: (event) => feed.tell(event), logger })),
    onStarted: () => {},
    lingerMs: 0,
    logger,
  });
  return {
    async answer({ request, response }) {
      if (request.method === 'HEAD') {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).end();
        return undefined;
      }
      response.once('close', () => silver.leave());
      await silver.arrive();
      if (response.destroyed) return undefined;
      const lastEventId = request.headers['last-event-id'];
      feed.join(response, typeof lastEventId === 'string' ? lastEventId : undefined);
      // After it has joined, so that it hears the first counts.
      response.once('close', () => pulse.leave());
      await pulse.arrive();
      return undefined;
    },
    async close() {
      await Promise.all([silver.close(), pulse.close()]);
    },
  };
}
