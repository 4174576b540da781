import type { EventContract } from './event-contract.ts';
import type { BarsRestatedV1 } from './generated/types.ts';
import { validateBarsRestatedV1 } from './generated/validators.js';

export type BarsRestated = BarsRestatedV1;

export const barsRestated = {
  detailType: 'BarsRestated',
  currentVersion: 1,
  versions: { 1: validateBarsRestatedV1 },
} as const satisfies EventContract<BarsRestated>;
