import { randomUUID } from 'node:crypto';
import type { Cause } from '../../../events/metadata.ts';
import { ingestDay } from '../../../services/fetcher/ingest-day.ts';
import { type DayOptions, deliveryOf } from './market.ts';
import { publisher, type World } from './world.ts';

/** Takes in one session, given by its number, and leaves its event in the outbox. */
export async function ingest(
  { db }: Pick<World, 'db'>,
  number: number,
  { cause = 'live', ...options }: DayOptions & { cause?: Cause } = {},
): Promise<void> {
  await ingestDay({ db }, deliveryOf(number, options), { cause, correlationId: randomUUID() });
}

/** Ten sessions, of which the one in the middle is still missing, worked in and told of. */
export async function makeHistory(world: World): Promise<void> {
  for (const number of [0, 1, 2, 3, 4, 6, 7, 8, 9]) await ingest(world, number, { cause: 'backfill' });
  await publisher(world.immortal)();
  await world.drain();
}
