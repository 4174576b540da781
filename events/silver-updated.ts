import type { EventContract } from './event-contract.ts';
import type { SilverUpdatedV1 } from './generated/types.ts';
import { validateSilverUpdatedV1 } from './generated/validators.js';

export type SilverUpdated = SilverUpdatedV1;

export const silverUpdated = {
  detailType: 'SilverUpdated',
  currentVersion: 1,
  versions: { 1: validateSilverUpdatedV1 },
} as const satisfies EventContract<SilverUpdated>;
