/* Written by `npm run generate` from schemas/. Do not edit. */
import type { BatchJobStateChangeV1, BarsIngestedV1, BarsRestatedV1, EnvelopeV1, MetadataV1, ResampleFailedV1, SilverUpdatedV1 } from './types.ts';

export type SchemaViolation = {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
};
export type Validator<T> = {
  (data: unknown): data is T;
  readonly errors?: readonly SchemaViolation[] | null;
};
export declare const validateBatchJobStateChangeV1: Validator<BatchJobStateChangeV1>;
export declare const validateBarsIngestedV1: Validator<BarsIngestedV1>;
export declare const validateBarsRestatedV1: Validator<BarsRestatedV1>;
export declare const validateEnvelopeV1: Validator<EnvelopeV1>;
export declare const validateMetadataV1: Validator<MetadataV1>;
export declare const validateResampleFailedV1: Validator<ResampleFailedV1>;
export declare const validateSilverUpdatedV1: Validator<SilverUpdatedV1>;
