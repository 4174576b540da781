import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ScriptedS3 = {
  readonly endpoint: string;
  /** Of the bucket `flatfiles`, by key. */
  readonly objects: Map<string, Buffer>;
  /** Every request but listings, as its path; and how often a listing was asked for. */
  readonly gets: string[];
  lists: number;
  readonly requests: IncomingMessage[];
  /** Answers instead, where it returns true. */
  answer: (request: IncomingMessage, response: ServerResponse) => boolean;
  close(): Promise<void>;
};

/** As the flat files' endpoint lists at once, but few: so that a listing has pages. */
const keysAPage = 2;

/** An S3 with one bucket, addressed by path, that lists and gets, and does as the test says. */
export async function startScriptedS3(): Promise<ScriptedS3> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    s3.requests.push(request);
    const isList = url.searchParams.get('list-type') === '2';
    if (isList) s3.lists++;
    else s3.gets.push(decodeURIComponent(url.pathname));
    if (s3.answer(request, response)) return;
    const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/');
    if (bucket !== 'flatfiles') refuse(response, 404, 'NoSuchBucket');
    else if (isList) list(s3.objects, url, response);
    else get(s3.objects.get(rest.join('/')), response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const s3: ScriptedS3 = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    gets: [],
    lists: 0,
    requests: [],
    answer: () => false,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return s3;
}

export function refuse(response: ServerResponse, status: number, code: string): true {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>the endpoint's own words</Message></Error>`,
  );
  return true;
}

function list(objects: ReadonlyMap<string, Buffer>, url: URL, response: ServerResponse): void {
  const prefix = url.searchParams.get('prefix') ?? '';
  const after = url.searchParams.get('continuation-token') ?? '';
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, keysAPage);
  const contents = page.map((key) => {
    const body = objects.get(key) as Buffer;
    return `<Contents><Key>${key}</Key><ETag>&quot;${md5(body)}&quot;</ETag><Size>${body.length}</Size></Contents>`;
  });
  const more = keys.length > page.length;
  const token = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`,
  );
}

function get(body: Buffer | undefined, response: ServerResponse): void {
  if (!body) {
    refuse(response, 404, 'NoSuchKey');
    return;
  }
  response.writeHead(200, { etag: `"${md5(body)}"`, 'content-length': body.length });
  response.end(body);
}

function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}
