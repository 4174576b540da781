/* Written by `npm run generate` from schemas/. Do not edit. */

/**
 * Every generated type by its name.
 */
export interface ContractTypes {
  BatchJobStateChangeV1: BatchJobStateChangeV1;
  BarsIngestedV1: BarsIngestedV1;
  BarsRestatedV1: BarsRestatedV1;
  EnvelopeV1: EnvelopeV1;
  MetadataV1: MetadataV1;
  ResampleFailedV1: ResampleFailedV1;
  SilverUpdatedV1: SilverUpdatedV1;
}
/**
 * Detail of a "Batch Job State Change" of AWS Batch: the fields that the dispatcher reads.
 */
export interface BatchJobStateChangeV1 {
  /**
   * Id of the job; of a child of an array job with :index behind it.
   */
  jobId: string;
  /**
   * Name that the job was submitted with.
   */
  jobName: string;
  /**
   * ARN of the job queue.
   */
  jobQueue: string;
  /**
   * SUBMITTED, PENDING, RUNNABLE, STARTING, RUNNING, SUCCEEDED or FAILED.
   */
  status: string;
  /**
   * Why it has this status, for people.
   */
  statusReason?: string;
  /**
   * Attempts so far; empty for an array job as a whole.
   *
   * Items: One attempt.
   */
  attempts?: {
    /**
     * Why the attempt ended, for people.
     */
    statusReason?: string;
    /**
     * How the container ended.
     */
    container?: {
      /**
       * Exit code of the process; absent if it never ran.
       */
      exitCode?: number;
      /**
       * Why the container ended, for people.
       */
      reason?: string;
    };
  }[];
  /**
   * Present for an array job and for its children.
   */
  arrayProperties?: {
    /**
     * Children of the array job.
     */
    size?: number;
    /**
     * Position of this child, from 0; absent for the array job as a whole.
     */
    index?: number;
  };
}
/**
 * The daily bars of one trading day, from one source, were taken into bronze. One event per trading day and source.
 */
export interface BarsIngestedV1 {
  metadata: MetadataV1;
  /**
   * What happened.
   */
  data: {
    /**
     * The trading day: a calendar date in New York, YYYY-MM-DD.
     */
    tradingDay: string;
    /**
     * Where the bars came from, for example sample, flatfiles or massive.
     */
    source: string;
    /**
     * Rows in bronze from this delivery: inserted, corrected and unchanged.
     */
    bars: number;
    /**
     * Bars that bronze did not have (rows).
     */
    inserted: number;
    /**
     * Bars whose values changed (rows).
     */
    corrected: number;
    /**
     * Bars removed from bronze (rows).
     */
    deleted: number;
    /**
     * Bars that arrived as they were stored (rows).
     */
    unchanged: number;
    /**
     * Rows of the delivery that are no valid bar.
     */
    quarantined: number;
    /**
     * Symbols concerned, when there are at most 1,000; absent: every symbol with a bar on that day.
     *
     * @maxItems 1000
     *
     * Items: Symbol as the exchange spells it, case-sensitive: CPS and CpS are two stocks.
     */
    symbols?: string[];
  };
}
/**
 * Who tells of an event, when, and because of what. The same for every event.
 */
export interface MetadataV1 {
  /**
   * Id of this event (UUID), made before its transaction commits and kept when it is published again. EventBridge gives ids of its own, which change when an event is forwarded.
   */
  id: string;
  /**
   * When it happened: an instant in UTC, ISO 8601 with Z.
   */
  occurredAt: string;
  /**
   * Id (UUID) shared by everything that one fetch, backfill, correction or replay set off.
   */
  correlationId: string;
  /**
   * Id (UUID) of the event that caused this one; null at the start of a chain.
   */
  causationId: string | null;
  /**
   * Two events with the same key tell the same fact: a consumer acts on one of them.
   */
  idempotencyKey: string;
  /**
   * The service that tells of it.
   */
  producer: 'fetcher' | 'resampler' | 'dispatcher' | 'cli';
  /**
   * Version of the schema of this event: the name of its file.
   */
  schemaVersion: number;
  /**
   * Why it happened: a new trading day, history loaded for the first time, a changed bar, a split, or a replay.
   */
  cause: 'live' | 'backfill' | 'correction' | 'split' | 'replay';
}
/**
 * The history of symbols changed as a whole, so that their Fibonacci bars must be made again.
 */
export interface BarsRestatedV1 {
  metadata: MetadataV1;
  /**
   * What happened.
   */
  data: {
    /**
     * Symbols concerned.
     *
     * @minItems 1
     *
     * Items: Symbol as the exchange spells it, case-sensitive: CPS and CpS are two stocks.
     */
    symbols: string[];
    /**
     * What changed the history: a split, a deleted bar, old bars that retention dropped, or a rebuild asked for.
     */
    reason: 'split' | 'delete' | 'retention' | 'rebuild';
    /**
     * First trading day concerned: a calendar date in New York, YYYY-MM-DD.
     */
    fromDate: string;
    /**
     * Where the change came from, for example flatfiles or cli.
     */
    source: string;
  };
}
/**
 * An event as EventBridge delivers it to a queue. `detail` is checked by the schema of its detail-type.
 */
export interface EnvelopeV1 {
  /**
   * Version of the envelope, "0" so far.
   */
  version: string;
  /**
   * Id that EventBridge gave this delivery; not the id of the event.
   */
  id: string;
  /**
   * Name of the event, for example BarsIngested.
   */
  'detail-type': string;
  /**
   * Who sent it: fibonacci-bars, or an AWS service such as aws.batch.
   */
  source: string;
  /**
   * AWS account of the sender, 12 digits. AWS always says it, an emulator may not.
   */
  account?: string;
  /**
   * When it was sent: an instant in UTC, ISO 8601.
   */
  time: string;
  /**
   * AWS region of the sender.
   */
  region: string;
  /**
   * ARNs of the AWS resources concerned.
   *
   * Items: ARN.
   */
  resources: string[];
  /**
   * The event itself.
   */
  detail: {};
  /**
   * Name of the archive replay that sends it again; absent on the first delivery.
   */
  'replay-name'?: string;
}
/**
 * A resampling job gave up. Its invalidations stay pending and are taken up again.
 */
export interface ResampleFailedV1 {
  metadata: MetadataV1;
  /**
   * What happened.
   */
  data: {
    /**
     * Id (UUID) of the row in ops.job.
     */
    jobId: string;
    /**
     * Id that AWS Batch gave the job; null when it was never submitted.
     */
    batchJobId: string | null;
    /**
     * Intervals of the job, in trading days.
     *
     * @minItems 1
     *
     * Items: Trading days.
     */
    intervals: number[];
    /**
     * Symbols in the job.
     */
    symbolCount: number;
    /**
     * Attempts that AWS Batch made.
     */
    attempts: number;
    /**
     * Why it gave up, for people.
     */
    reason: string;
  };
}
/**
 * Fibonacci bars of one interval changed for a chunk of symbols. A rule that asks for a symbol in `completedSymbols` hears of its completed bars only.
 */
export interface SilverUpdatedV1 {
  metadata: MetadataV1;
  /**
   * What happened.
   */
  data: {
    /**
     * Length of the bars in trading days.
     */
    interval: number;
    /**
     * The table that holds the bars, for example silver_21d.
     */
    table: string;
    /**
     * Symbols whose bars changed; after a replay also those whose bars did not.
     *
     * @minItems 1
     *
     * Items: Symbol as the exchange spells it, case-sensitive: CPS and CpS are two stocks.
     */
    symbols: string[];
    /**
     * Those of the symbols of which a bar became complete; may be empty.
     *
     * Items: Symbol as the exchange spells it, case-sensitive: CPS and CpS are two stocks.
     */
    completedSymbols: string[];
    /**
     * Earliest start_date of a changed bar: a calendar date in New York, YYYY-MM-DD; null when changedRows is 0.
     */
    from: string | null;
    /**
     * Rows of the table inserted, updated or deleted.
     */
    changedRows: number;
    /**
     * Rises from event to event for any one symbol, with gaps: an event with a lower sequence is older.
     */
    sequence: number;
    /**
     * Id (UUID) of the row in ops.job that the change belongs to; null when no job was claimed.
     */
    jobId: string | null;
    /**
     * Id (UUID) of the row in ops.run: the transaction that wrote the bars.
     */
    runId: string;
  };
}
