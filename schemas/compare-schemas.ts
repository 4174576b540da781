/**
 * What may not change in a released schema. Events are read on both sides of a change: those of before are in the archive and
 * in queues, and are read by the schema of now; those of now are read by consumers with the schema of before. So a released
 * schema only gains optional properties, and every rule here names something else that changed.
 */
export type Rule =
  | 'version-removed'
  | 'identity-changed'
  | 'property-removed'
  | 'property-now-required'
  | 'property-no-longer-required'
  | 'type-changed'
  | 'values-changed'
  | 'constant-changed'
  | 'range-changed'
  | 'length-changed'
  | 'pattern-changed'
  | 'format-changed'
  | 'reference-changed'
  | 'closed'
  | 'constraint-changed';

export type Break = {
  readonly rule: Rule;
  /** Of the field, `data.symbols[]`; empty: the schema itself. */
  readonly path: string;
  readonly message: string;
};

type Schema = Readonly<Record<string, unknown>>;
/** `true` takes anything, and `false` nothing. */
type Node = Schema | boolean;

const annotations = [
  'description',
  'title',
  'examples',
  'default',
  'deprecated',
  '$comment',
  '$schema',
  '$id',
];
const structure = ['properties', 'required', 'items'];

/** Which rule a keyword falls under; any other that is no annotation falls under constraint-changed. */
const ruleOf: Readonly<Record<string, Rule>> = {
  type: 'type-changed',
  enum: 'values-changed',
  const: 'constant-changed',
  minimum: 'range-changed',
  maximum: 'range-changed',
  exclusiveMinimum: 'range-changed',
  exclusiveMaximum: 'range-changed',
  multipleOf: 'range-changed',
  minLength: 'length-changed',
  maxLength: 'length-changed',
  minItems: 'length-changed',
  maxItems: 'length-changed',
  uniqueItems: 'length-changed',
  minProperties: 'length-changed',
  maxProperties: 'length-changed',
  pattern: 'pattern-changed',
  format: 'format-changed',
  $ref: 'reference-changed',
  additionalProperties: 'closed',
  unevaluatedProperties: 'closed',
};

/** What of a released schema is broken in the current one of the same file. */
export function compareSchemas(released: Schema, current: Schema): Break[] {
  const identity = ['$id', 'title'].filter((keyword) => released[keyword] !== current[keyword]);
  return [
    ...identity.map((keyword) => changed('identity-changed', '', keyword, released, current)),
    ...compareNodes(released, current, ''),
  ];
}

function compareNodes(released: Node, current: Node, path: string): Break[] {
  if (typeof released === 'boolean' || typeof current === 'boolean') {
    return released === current
      ? []
      : [changed('constraint-changed', path, 'schema', { schema: released }, { schema: current })];
  }
  const keywords = [...new Set([...Object.keys(released), ...Object.keys(current)])].filter(
    (keyword) => !annotations.includes(keyword) && !structure.includes(keyword),
  );
  const breaks = keywords
    .filter((keyword) => canonical(released[keyword]) !== canonical(current[keyword]))
    // What forbids nothing is no constraint.
    .filter((keyword) => ruleOf[keyword] !== 'closed' || current[keyword] !== true)
    .map((keyword) => changed(ruleOf[keyword] ?? 'constraint-changed', path, keyword, released, current));
  return [...breaks, ...compareProperties(released, current, path), ...compareItems(released, current, path)];
}

function compareProperties(released: Schema, current: Schema, path: string): Break[] {
  const [before, now] = [propertiesOf(released), propertiesOf(current)];
  const [needed, needs] = [requiredOf(released), requiredOf(current)];
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  const breaks: Break[] = [];
  for (const name of needs.filter((each) => !needed.includes(each))) {
    breaks.push({
      rule: 'property-now-required',
      path: at(name),
      message: 'is required, and was not: events of before lack it',
    });
  }
  for (const name of needed.filter((each) => !needs.includes(each) && each in now)) {
    breaks.push({
      rule: 'property-no-longer-required',
      path: at(name),
      message: 'was required, and is not: consumers rely on it',
    });
  }
  for (const [name, schema] of Object.entries(before)) {
    const other = now[name];
    if (other === undefined) {
      breaks.push({ rule: 'property-removed', path: at(name), message: 'is gone: consumers read it' });
    } else breaks.push(...compareNodes(schema, other, at(name)));
  }
  return breaks;
}

function compareItems(released: Schema, current: Schema, path: string): Break[] {
  const [before, now] = [released['items'], current['items']];
  if (isNode(before) && isNode(now)) return compareNodes(before, now, `${path}[]`);
  return canonical(before) === canonical(now)
    ? []
    : [changed('constraint-changed', path, 'items', released, current)];
}

function changed(rule: Rule, path: string, keyword: string, released: Schema, current: Schema): Break {
  const show = (schema: Schema) => (keyword in schema ? cut(JSON.stringify(schema[keyword])) : 'absent');
  return { rule, path, message: `${keyword} was ${show(released)}, and is ${show(current)}` };
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** The same for lists whose order says nothing, as those of types and values. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(Array.isArray(value) ? value.map((each) => JSON.stringify(each)).toSorted() : value);
}

function propertiesOf(schema: Schema): Readonly<Record<string, Node>> {
  return (schema['properties'] ?? {}) as Record<string, Node>;
}

function requiredOf(schema: Schema): readonly string[] {
  return (schema['required'] ?? []) as string[];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'boolean' || (typeof value === 'object' && value !== null);
}
