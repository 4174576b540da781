import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Known to the dashboard's own page alone: other pages cannot read it, so they cannot act. */
export type ActToken = {
  readonly value: string;
  /** Takes the same time whatever is wrong. */
  readonly matches: (candidate: unknown) => boolean;
};

export function newActToken(): ActToken {
  const value = randomBytes(32).toString('base64url');
  const digest = sha256(value);
  return {
    value,
    matches: (candidate) => typeof candidate === 'string' && timingSafeEqual(sha256(candidate), digest),
  };
}

/** Of one length, as the comparison wants them. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
