import { compile } from 'json-schema-to-typescript';
import type { NamedSchema } from './read-schemas.ts';

/** TypeScript types of the schemas, one exported name each. */
export async function compileTypes(schemas: readonly NamedSchema[]): Promise<string> {
  const typeNames = new Map(schemas.map(({ typeName, schema }) => [schema.$id, typeName]));
  const definitions = schemas.map(({ typeName, schema }) => {
    const { $id: _id, $schema: _dialect, ...rest } = schema;
    return [typeName, { ...(refsToDefinitions(rest, typeNames) as object), title: typeName }] as const;
  });
  const names = schemas.map(({ typeName }) => typeName);
  return await compile(
    {
      title: 'ContractTypes',
      description: 'Every generated type by its name.',
      type: 'object',
      required: names,
      properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }])),
      $defs: Object.fromEntries(definitions),
    },
    'ContractTypes',
    {
      // Unknown fields are allowed on the wire, yet a type that has them would hide a misspelt name.
      additionalProperties: false,
      // A tuple type for "at least one" helps nobody; the validator counts.
      ignoreMinAndMaxItems: true,
      bannerComment: '/* Written by `npm run generate` from schemas/. Do not edit. */',
      style: { singleQuote: true },
    },
  );
}

/** Refs by urn become refs into one document, without siblings: those would make a second type of the same shape. */
function refsToDefinitions(node: unknown, typeNames: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((each) => refsToDefinitions(each, typeNames));
  if (typeof node !== 'object' || node === null) return node;
  if ('$ref' in node && typeof node.$ref === 'string') {
    const typeName = typeNames.get(node.$ref);
    if (!typeName) throw new Error(`$ref ${node.$ref} names no schema: use the $id of a file in schemas/`);
    return { $ref: `#/$defs/${typeName}` };
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, refsToDefinitions(value, typeNames)]),
  );
}
