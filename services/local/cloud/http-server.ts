import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Logger } from '../../shared/logger.ts';
import { AwsError } from './aws-error.ts';

export type Protocol = 'sqs' | 'events' | 'batch';
export type Call = {
  readonly protocol: Protocol;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  /** Fires when the caller has hung up. */
  readonly gone: AbortSignal;
};
export type HttpServer = { readonly port: number; close(): Promise<void> };
export type HttpServerDeps = {
  readonly port: number;
  readonly logger: Logger;
  answer(call: Call): Promise<object> | object;
};

export class PortInUseError extends Error {
  override name = 'PortInUseError';
  constructor(port: number, cause: unknown) {
    super(`Port ${port} of 127.0.0.1 is taken: choose another one, or leave it out for a free one`, {
      cause,
    });
  }
}

/**
 * Serves the wire protocols of SQS (AWS JSON 1.0), EventBridge (AWS JSON 1.1) and Batch (REST JSON) on one loopback port.
 * @throws {PortInUseError} if the port is taken.
 */
export async function startHttpServer(deps: HttpServerDeps): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void handle(deps, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(deps.port, error) : error),
    );
    server.listen(deps.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : deps.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Answers under way have this long to leave.
        setTimeout(() => server.closeAllConnections(), 500).unref();
      }),
  };
}

async function handle(
  deps: HttpServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let protocol: Protocol | undefined;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const hungUp = new AbortController();
    response.once('close', () => hungUp.abort());
    const route = routeOf(request);
    ({ protocol } = route);
    const input = parse(Buffer.concat(chunks).toString());
    send(response, {
      protocol,
      status: 200,
      body: await deps.answer({ ...route, input, gone: hungUp.signal }),
    });
  } catch (error) {
    const awsError = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
    if (awsError.status >= 500)
      deps.logger.error({ err: error, url: request.url }, 'local cloud failed to answer');
    sendError(response, protocol, awsError);
  }
}

function routeOf(request: IncomingMessage): Pick<Call, 'protocol' | 'operation'> {
  const target = request.headers['x-amz-target'];
  const path = request.url ?? '/';
  if (typeof target === 'string') {
    const [service, operation = ''] = target.split('.');
    if (service === 'AmazonSQS') return { protocol: 'sqs', operation };
    if (service === 'AWSEvents') return { protocol: 'events', operation };
  } else if (path.startsWith('/v1/')) {
    return { protocol: 'batch', operation: path.slice('/v1/'.length).split('?')[0] ?? '' };
  }
  throw new AwsError(
    'UnknownOperationException',
    `The local cloud serves SQS, EventBridge and Batch, not ${target === undefined ? `${request.method} ${path}` : String(target)}`,
    404,
  );
}

function parse(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below.
  }
  throw new AwsError('SerializationException', 'The request body is no JSON object');
}

type Answer = {
  readonly protocol: Protocol | undefined;
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
};

function send(response: ServerResponse, { protocol, status, body, headers }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': contentTypes[protocol ?? 'events'],
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
    ...headers,
  });
  response.end(text);
}

/** Each protocol names its exception elsewhere: in `__type`, in `x-amzn-errortype`, and SQS also as its old query protocol did. */
function sendError(response: ServerResponse, protocol: Protocol | undefined, error: AwsError): void {
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  const code = protocol === 'sqs' ? `com.amazonaws.sqs#${error.code}` : error.code;
  send(response, {
    protocol,
    status: error.status,
    body: { __type: code, message: error.message },
    headers: {
      'x-amzn-errortype': error.code,
      ...(protocol === 'sqs' && {
        'x-amzn-query-error': `${queryCodes[error.code] ?? error.code};${fault}`,
      }),
    },
  });
}

const contentTypes: Record<Protocol, string> = {
  sqs: 'application/x-amz-json-1.0',
  events: 'application/x-amz-json-1.1',
  batch: 'application/json',
};

const queryCodes: Record<string, string> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};
