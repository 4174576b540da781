import type { IncomingMessage } from 'node:http';
import { ProblemError } from './problem-error.ts';

/** Enough for a thousand symbols. */
const mostBodyBytes = 64 * 1_024;

/**
 * The JSON of a request's body.
 * @throws {ProblemError} 415 if it is declared as anything else, 413 if it is too long, 400 if it is no JSON.
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'];
  // Besides saying what it is, it keeps forms of other pages out: they cannot send it without asking first.
  if (!/^application\/json\s*(;|$)/i.test(type ?? '')) {
    throw new ProblemError(415, `The Content-Type is ${JSON.stringify(type ?? null)}: send application/json`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left undestroyed, so that whoever sends too much is told.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) {
      throw new ProblemError(413, `The body has more than ${mostBodyBytes} bytes: send less`);
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new ProblemError(400, `The body is no JSON: ${(cause as Error).message}`, { cause });
  }
}
