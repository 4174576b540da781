import { UsageError } from '../../shared/exit-code.ts';

/** A folder of day files in a bucket. */
export type S3Place = {
  readonly bucket: string;
  /** What its keys begin with: empty, or ending in a slash. */
  readonly prefix: string;
};

export function isS3Path(path: string): boolean {
  return path.startsWith('s3://');
}

/** Reads `s3://bucket/folder`. @throws {UsageError} */
export function readS3Place(path: string): S3Place {
  const [, bucket, folder = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]*)(?:\/(.*))?$/.exec(path) ?? [];
  if (bucket === undefined) {
    throw new UsageError(
      `--path is ${JSON.stringify(path)}: it takes a folder, or one in a bucket, as s3://flatfiles/us_stocks_sip/day_aggs_v1`,
    );
  }
  const trimmed = folder.replace(/\/+$/, '');
  return { bucket, prefix: trimmed === '' ? '' : `${trimmed}/` };
}
