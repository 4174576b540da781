import { AwsError } from '../aws-error.ts';

/** One entry as it stands in the request; nothing in it can be trusted yet. */
export type PutEventsEntry = {
  readonly Source?: unknown;
  readonly DetailType?: unknown;
  readonly Detail?: unknown;
  readonly Time?: unknown;
  readonly Resources?: unknown;
  readonly EventBusName?: unknown;
};

export type CheckedEntry = {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly time: Date;
  readonly resources: readonly string[];
  readonly bus: string;
};

export type EntryFault = { readonly ErrorCode: string; readonly ErrorMessage: string };

const maxEntries = 10;
const maxBytes = 262_144;

/**
 * @throws {AwsError} if the request as a whole is over the limits.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function checkRequest(entries: unknown): PutEventsEntry[] {
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > maxEntries) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${maxEntries}, inclusive`,
    );
  }
  const bytes = (entries as PutEventsEntry[]).reduce((sum, entry) => sum + sizeOfEntry(entry), 0);
  if (bytes > maxBytes) {
    throw new AwsError(
      'ValidationException',
      `Total size of the entries in the request is over the limit: ${bytes} of ${maxBytes} bytes`,
    );
  }
  return entries as PutEventsEntry[];
}

/** Bytes as AWS counts them: UTF-8 of the texts, and 14 for a time. */
function sizeOfEntry(entry: PutEventsEntry): number {
  const resources = Array.isArray(entry.Resources) ? (entry.Resources as unknown[]) : [];
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...resources];
  return (
    texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0), 0) +
    (entry.Time === undefined || entry.Time === null ? 0 : 14)
  );
}

/** What is wrong with one entry, or the entry; a fault of one leaves the others alone. */
export function checkEntry(entry: PutEventsEntry): CheckedEntry | EntryFault {
  if (!isText(entry.Source)) return missing('Source');
  if (!isText(entry.DetailType)) return missing('DetailType');
  if (!isText(entry.Detail)) return missing('Detail');
  if (entry.Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  if (entry.DetailType.length > 128) return invalid('DetailType', 'it is longer than 128 characters');
  if (!isJsonObject(entry.Detail))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const time =
    entry.Time === undefined || entry.Time === null ? new Date() : new Date(Number(entry.Time) * 1_000);
  if (Number.isNaN(time.getTime())) return invalid('Time', `it is no time: ${JSON.stringify(entry.Time)}`);
  return {
    source: entry.Source,
    detailType: entry.DetailType,
    detail: entry.Detail,
    time,
    resources: Array.isArray(entry.Resources) ? entry.Resources.map(String) : [],
    bus: isText(entry.EventBusName) ? entry.EventBusName : 'default',
  };
}

function missing(parameter: string): EntryFault {
  return invalid(parameter, `${parameter} is a required argument.`);
}

function invalid(parameter: string, reason: string): EntryFault {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${parameter} is not valid. Reason: ${reason}`,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
