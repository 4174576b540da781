import { S3Client } from '@aws-sdk/client-s3';
import type { S3Config } from './s3-config.ts';

export function createS3Client({ endpoint, accessKeyId, secretAccessKey, timeoutMs }: S3Config): S3Client {
  return new S3Client({
    endpoint,
    // The endpoint is no region of AWS, but a signature names one.
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
    // The bucket is no host name of the endpoint.
    forcePathStyle: true,
    // Others than AWS do not know the headers for it, and refuse a signature over them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: Math.min(5_000, timeoutMs),
      requestTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
  });
}
