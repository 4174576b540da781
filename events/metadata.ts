import type { MetadataV1 } from './generated/types.ts';

export type Metadata = MetadataV1;
export type Cause = Metadata['cause'];
export type Producer = Metadata['producer'];
