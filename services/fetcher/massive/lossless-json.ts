/** A number as it was written; JSON.stringify writes it that way again. */
export type WrittenNumber = { readonly rawJSON: string };

export type JsonObject = { readonly [key: string]: unknown };

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** ECMAScript has these since 2026 and Node 24 too; TypeScript does not know them yet. */
const json = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): WrittenNumber;
  isRawJSON(value: unknown): value is WrittenNumber;
};

/**
 * Parses JSON without making numbers of numbers: a price or a volume keeps every digit.
 * @throws {SyntaxError} if it is no JSON, as when it was cut off.
 */
export function parseLossless(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? json.rawJSON(source) : value,
  );
}

/** The text of a number; undefined when it is none. */
export function numberText(value: unknown): string | undefined {
  return json.isRawJSON(value) ? value.rawJSON : undefined;
}

/** A decimal as it was written, be it a number or, as some are, a string; empty when it is neither. */
export function decimalText(value: unknown): string {
  return typeof value === 'string' ? value : (numberText(value) ?? '');
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !json.isRawJSON(value);
}
