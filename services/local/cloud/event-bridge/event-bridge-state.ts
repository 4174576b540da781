import { type Account, arn, nameOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { openResourceStore, type ResourceStore } from '../resource-store.ts';
import type { StateDatabase } from '../state-database.ts';
import { compileEventPattern, type EventMatcher } from './event-pattern.ts';

export type EventBus = { Name: string; Arn: string; CreationTime: number; Description?: string | undefined };
export type Target = {
  Id: string;
  Arn: string;
  DeadLetterConfig?: { Arn?: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
};
export type Rule = {
  Name: string;
  Arn: string;
  EventBusName: string;
  EventPattern: string;
  State: 'ENABLED' | 'DISABLED';
  Description?: string | undefined;
  Targets: Target[];
};
export type Archive = {
  ArchiveName: string;
  ArchiveArn: string;
  EventSourceArn: string;
  Description?: string | undefined;
  EventPattern?: string | undefined;
  /** 0 keeps events for ever. */
  RetentionDays: number;
  CreationTime: number;
};
export type Replay = {
  ReplayName: string;
  ReplayArn: string;
  EventSourceArn: string;
  Description?: string | undefined;
  Destination: { Arn: string; FilterArns?: string[] };
  /** All times are epoch seconds, as the protocol has them. */
  EventStartTime: number;
  EventEndTime: number;
  EventLastReplayedTime?: number;
  ReplayStartTime: number;
  ReplayEndTime?: number;
  State: 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  StateReason?: string;
  /** The last archived event that was delivered: where a restart goes on. */
  cursor: { timeMs: number; position: number };
};

export type EventBridgeState = {
  readonly account: Account;
  readonly database: StateDatabase;
  readonly buses: ResourceStore<EventBus>;
  /** By `bus|rule`. */
  readonly rules: ResourceStore<Rule>;
  readonly archives: ResourceStore<Archive>;
  readonly replays: ResourceStore<Replay>;
};

export function openEventBridgeState(account: Account, database: StateDatabase): EventBridgeState {
  const buses = openResourceStore<EventBus>(database, 'bus');
  if (!buses.get('default')) {
    buses.put('default', {
      Name: 'default',
      Arn: arn(account, 'events', 'event-bus/default'),
      CreationTime: nowSeconds(),
    });
  }
  return {
    account,
    database,
    buses,
    rules: openResourceStore<Rule>(database, 'rule'),
    archives: openResourceStore<Archive>(database, 'archive'),
    replays: openResourceStore<Replay>(database, 'replay'),
  };
}

/** @throws {AwsError} ResourceNotFoundException if there is no such bus. `undefined` is the default bus. */
export function busOf(state: EventBridgeState, nameOrArn: unknown): EventBus {
  const name = typeof nameOrArn === 'string' ? nameOf(nameOrArn) : 'default';
  return state.buses.get(name) ?? fail(notFound(`Event bus ${name} does not exist.`));
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function fail(error: Error): never {
  throw error;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

const matchers = new Map<string, EventMatcher>();

/** The matcher of a pattern that was accepted before; compiled once. */
export function matcherOf(pattern: string): EventMatcher {
  let matcher = matchers.get(pattern);
  if (!matcher) {
    matcher = compileEventPattern(pattern);
    matchers.set(pattern, matcher);
  }
  return matcher;
}

/** @throws {AwsError} InvalidEventPatternException, naming what is wrong. */
export function checkPattern(pattern: unknown): string {
  try {
    const text = String(pattern);
    compileEventPattern(text);
    return text;
  } catch (error) {
    throw new AwsError('InvalidEventPatternException', (error as Error).message);
  }
}
