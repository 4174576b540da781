/**
 * The correlation id in a message or in the detail of an event, as JSON text; undefined where there is none, also in what is no
 * JSON: it is for log lines about messages that may be broken.
 */
export function correlationIdIn(text: string | undefined): string | undefined {
  try {
    const { detail, metadata = detail?.metadata } = JSON.parse(text ?? '') as Partial<Traceable>;
    return typeof metadata?.correlationId === 'string' ? metadata.correlationId : undefined;
  } catch {
    return undefined;
  }
}

type Metadata = { readonly correlationId?: unknown };
type Traceable = { readonly metadata: Metadata; readonly detail: { readonly metadata?: Metadata } };
