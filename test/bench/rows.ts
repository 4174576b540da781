import type { Row } from './row.ts';
import { backfilled } from './rows/backfill.ts';
import { ingested } from './rows/ingest.ts';
import { largeRebuild } from './rows/large.ts';
import { corrected, late } from './rows/late.ts';
import { longNight, night } from './rows/night.ts';
import { duckDb, duckDbStore, naive } from './rows/peers.ts';
import { cloudNight, everything, latency } from './rows/pipeline.ts';
import { rebuild, right } from './rows/rebuild.ts';

/** In the order in which they run: neighbours of one market share its loading. */
export const rows: readonly Row[] = [
  rebuild,
  naive,
  duckDb,
  right,
  night,
  ingested,
  backfilled,
  duckDbStore,
  late,
  corrected,
  largeRebuild,
  longNight,
  everything,
  cloudNight,
  latency,
];
