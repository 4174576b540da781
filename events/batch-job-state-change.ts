import { checkContract } from './check-contract.ts';
import type { BatchJobStateChangeV1 } from './generated/types.ts';
import { validateBatchJobStateChangeV1 } from './generated/validators.js';

/** The fields that we use of AWS Batch's event. */
export type BatchJobStateChange = BatchJobStateChangeV1;

export const batchJobStateChange = { source: 'aws.batch', detailType: 'Batch Job State Change' } as const;

/**
 * Checks the detail of a "Batch Job State Change" from aws.batch.
 * @throws {ContractError} if a field that we use is missing or of another type.
 */
export function parseBatchJobStateChange(detail: unknown): BatchJobStateChange {
  checkContract(batchJobStateChange.detailType, validateBatchJobStateChangeV1, detail);
  return detail;
}
