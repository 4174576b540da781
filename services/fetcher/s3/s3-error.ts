import type { S3Config } from './s3-config.ts';

/** What the endpoint refused or did not do, in words for a user. Holds no key. */
export class S3Error extends Error {
  override name = 'S3Error';
}

type Answer = {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { httpStatusCode?: number };
};

/** @param what was asked for, `s3://bucket/key`. The endpoint's own words are left out: some repeat the key. */
export function explainS3Error(error: unknown, what: string, { endpoint, timeoutMs }: S3Config): unknown {
  if (!(error instanceof Error) || error instanceof S3Error || error.name === 'AbortError') return error;
  const { name, code, $metadata } = error as Answer;
  const status = $metadata?.httpStatusCode;
  const say = (problem: string) => new S3Error(`${what}: ${problem}`);
  if (name === 'InvalidAccessKeyId' || name === 'SignatureDoesNotMatch') {
    return say(
      `${endpoint} does not know the keys (${name}): check MASSIVE_S3_ACCESS_KEY_ID and MASSIVE_S3_SECRET_ACCESS_KEY, which are not the API key`,
    );
  }
  if (status === 403) {
    return say(
      `${endpoint} refuses it (403): the plan does not include this file or day, or the keys MASSIVE_S3_… are of another account`,
    );
  }
  if (name === 'NoSuchBucket') return say('there is no such bucket (404): check --path');
  if (status === 404) return say('there is no such file (404): it may have been moved since it was listed');
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') {
    return say(`${endpoint} did not answer within ${timeoutMs / 1_000} s, try again later`);
  }
  if (status !== undefined) return say(`${endpoint} answered ${status} (${name}), try again later`);
  if (code !== undefined)
    return say(`${endpoint} cannot be reached (${code}): check MASSIVE_S3_ENDPOINT and the network`);
  return error;
}
