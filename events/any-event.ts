import { type BarsIngested, barsIngested } from './bars-ingested.ts';
import { type BarsRestated, barsRestated } from './bars-restated.ts';
import { type ResampleFailed, resampleFailed } from './resample-failed.ts';
import { type SilverUpdated, silverUpdated } from './silver-updated.ts';

export type DetailByType = {
  BarsIngested: BarsIngested;
  BarsRestated: BarsRestated;
  SilverUpdated: SilverUpdated;
  ResampleFailed: ResampleFailed;
};

export type DetailType = keyof DetailByType;

/** An event of one type: what its detail-type says, and the detail that is published. */
export type EventOf<T extends DetailType> = { readonly detailType: T; readonly detail: DetailByType[T] };

/** `switch (event.detailType)` tells them apart. */
export type AnyEvent = { [T in DetailType]: EventOf<T> }[DetailType];

export const contracts = {
  BarsIngested: barsIngested,
  BarsRestated: barsRestated,
  SilverUpdated: silverUpdated,
  ResampleFailed: resampleFailed,
} as const;

export function isDetailType(value: string): value is DetailType {
  return Object.hasOwn(contracts, value);
}
