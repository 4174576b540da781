import type { EventContract } from './event-contract.ts';
import type { BarsIngestedV1 } from './generated/types.ts';
import { validateBarsIngestedV1 } from './generated/validators.js';

export type BarsIngested = BarsIngestedV1;

export const barsIngested = {
  detailType: 'BarsIngested',
  currentVersion: 1,
  versions: { 1: validateBarsIngestedV1 },
} as const satisfies EventContract<BarsIngested>;
