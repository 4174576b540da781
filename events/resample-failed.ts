import type { EventContract } from './event-contract.ts';
import type { ResampleFailedV1 } from './generated/types.ts';
import { validateResampleFailedV1 } from './generated/validators.js';

export type ResampleFailed = ResampleFailedV1;

export const resampleFailed = {
  detailType: 'ResampleFailed',
  currentVersion: 1,
  versions: { 1: validateResampleFailedV1 },
} as const satisfies EventContract<ResampleFailed>;
