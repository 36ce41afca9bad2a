/** The keywords of JSON Schema that the project's own schema uses. */
interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
}

const KEYWORDS = new Set([
  "$schema",
  "$ref",
  "$defs",
  "title",
  "description",
  "oneOf",
  "const",
  "enum",
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
]);

/**
 * Lists where `value` violates `schema`, one line each. Throws if the schema uses a keyword that is
 * not listed above, because it would not be checked.
 */
export function schemaProblems(schema: object, value: unknown): string[] {
  return check(schema as Schema, value, "$", schema as { $defs?: Record<string, Schema> });
}

function check(
  schema: Schema,
  value: unknown,
  at: string,
  root: { $defs?: Record<string, Schema> },
): string[] {
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword)) throw new Error(`${at}: the checker does not know ${keyword}`);
  }
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
    if (!target) throw new Error(`${at}: nothing is at ${schema.$ref}`);
    return check(target, value, at, root);
  }
  if (schema.oneOf) {
    const results = schema.oneOf.map((option) => check(option, value, at, root));
    const matching = results.filter((problems) => problems.length === 0).length;
    if (matching === 1) return [];
    const nearest = results.reduce((a, b) => (b.length < a.length ? b : a));
    return [`${at}: matches ${matching} of ${results.length} (${nearest.join("; ")})`];
  }
  if ("const" in schema && value !== schema.const) return [`${at}: is not ${schema.const}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: is none of ${schema.enum}`];
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    return [`${at}: is no ${schema.type}: ${JSON.stringify(value)}`];
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, i) => check(items, item, `${at}[${i}]`, root)) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${at}: lacks ${name}`),
    ...Object.entries(value).flatMap(([name, field]) => {
      if (Object.hasOwn(properties, name)) {
        return check(properties[name], field, `${at}.${name}`, root);
      }
      return additionalProperties ? [] : [`${at}: has ${name} as well`];
    }),
  ];
}

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      throw new Error(`the checker does not know the type ${type}`);
  }
}
