export type AwsConfig = {
  /** Where AWS is, when it is not AWS itself. */
  readonly endpoint?: string;
  readonly region: string;
  /** Only where the environment has none and the endpoint is on this machine: an SDK signs even for one that does not check. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

export class NoCloudChosenError extends Error {
  override name = 'NoCloudChosenError';
  constructor(found: string | undefined) {
    super(
      `No cloud chosen: set AWS_ENDPOINT_URL to an endpoint (as of the local cloud), or FIBBARS_CLOUD=aws for AWS itself; FIBBARS_CLOUD is ${
        found === undefined ? 'not set' : JSON.stringify(found)
      }. Credentials alone do not choose`,
    );
  }
}

/**
 * Reads AWS_ENDPOINT_URL, FIBBARS_CLOUD, AWS_REGION. An endpoint goes first.
 * @throws {NoCloudChosenError} if neither an endpoint nor FIBBARS_CLOUD=aws is set.
 */
export function readAwsConfig(env: Readonly<Record<string, string | undefined>>): AwsConfig {
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
  const endpoint = env['AWS_ENDPOINT_URL'];
  if (!endpoint) {
    if (env['FIBBARS_CLOUD'] !== 'aws') throw new NoCloudChosenError(env['FIBBARS_CLOUD']);
    return { region };
  }
  if (!URL.canParse(endpoint)) {
    throw new Error(
      `AWS_ENDPOINT_URL is no URL: ${JSON.stringify(endpoint)}; it takes one such as http://127.0.0.1:4599`,
    );
  }
  if (!isLoopback(new URL(endpoint).hostname) || env['AWS_ACCESS_KEY_ID']) return { endpoint, region };
  return { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Whether AWS itself is chosen, so that its log driver reads what this process writes. */
export function isOnAws(env: Readonly<Record<string, string | undefined>>): boolean {
  return env['FIBBARS_CLOUD'] === 'aws' && !env['AWS_ENDPOINT_URL'];
}
