import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { S3Error } from './s3-error.ts';

export type Downloaded = {
  /** Of what was downloaded, which may be newer than what was listed. */
  readonly etag: string;
  readonly bytes: number;
};

type Wanted = { readonly bucket: string; readonly key: string; readonly file: string };

/** A connection may break in the middle of a body, of which the SDK's retries know nothing. */
const mostAttempts = 3;

/**
 * Downloads an object into a file, whole.
 * @throws what the SDK throws; {S3Error} if its body ends too early again and again.
 */
export async function download(client: S3Client, wanted: Wanted, signal: AbortSignal): Promise<Downloaded> {
  for (let attempt = 1; ; attempt++) {
    const { Body, ETag, ContentLength } = await client.send(
      new GetObjectCommand({ Bucket: wanted.bucket, Key: wanted.key }),
      { abortSignal: signal },
    );
    const file = createWriteStream(wanted.file);
    const broke = await pipeline(Body as NodeJS.ReadableStream, file, { signal }).then(
      () => undefined,
      (error: unknown) => error,
    );
    signal.throwIfAborted();
    if (broke === undefined && (ContentLength === undefined || file.bytesWritten === ContentLength)) {
      return { etag: ETag ?? '', bytes: file.bytesWritten };
    }
    if (attempt === mostAttempts) {
      const words = `the download ended after ${file.bytesWritten} of ${ContentLength ?? 'unknown'} bytes, ${attempt} times: try again later`;
      throw new S3Error(`s3://${wanted.bucket}/${wanted.key}: ${words}`, { cause: broke });
    }
    await sleep(attempt * 500, undefined, { signal });
  }
}
