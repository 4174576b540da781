import { randomUUID } from 'node:crypto';
import { type Account, accountId } from '../account.ts';

export type EnvelopeParts = {
  readonly detailType: string;
  readonly source: string;
  readonly time: Date;
  readonly resources: readonly string[];
  /** A JSON object as text: it is passed on as it came, so that no number in it loses digits. */
  readonly detail: string;
};

export type Envelope = { readonly id: string; readonly timeMs: number; readonly text: string };

/** The event as EventBridge hands it to targets. */
export function makeEnvelope(account: Account, parts: EnvelopeParts): Envelope {
  const id = randomUUID();
  const time = `${parts.time.toISOString().slice(0, 19)}Z`;
  const head = JSON.stringify({
    version: '0',
    id,
    'detail-type': parts.detailType,
    source: parts.source,
    account: accountId,
    time,
    region: account.region,
    resources: parts.resources,
  });
  return { id, timeMs: Date.parse(time), text: `${head.slice(0, -1)},"detail":${parts.detail}}` };
}

/** The same event as a replay delivers it. */
export function withReplayName(envelope: string, replayName: string): string {
  const mark = `{"version":"0",`;
  if (!envelope.startsWith(mark)) throw new Error(`Not an event of this cloud: ${envelope.slice(0, 80)}`);
  return `${mark}"replay-name":${JSON.stringify(replayName)},${envelope.slice(mark.length)}`;
}
