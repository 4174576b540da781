import type { Validator } from './generated/validators.js';

/** What there is to know of a kind of event besides its type. */
export type EventContract<Detail> = {
  /** Its name, as EventBridge's detail-type. */
  readonly detailType: string;
  /** The schemaVersion that is published. */
  readonly currentVersion: number;
  /** The validator of each schemaVersion that is understood. */
  readonly versions: Readonly<Record<number, Validator<Detail>>>;
};
