/** A type as both languages can write it down. */
export type Type =
  | { kind: "string" | "number" | "integer" | "boolean" | "null" | "unknown" }
  | { kind: "literal"; values: readonly Literal[] }
  /** With a length, it always has that. */
  | { kind: "list"; item: Type; length?: number }
  | { kind: "map"; value: Type }
  | { kind: "union"; members: readonly Type[] }
  | { kind: "object"; object: ObjectType };
type Literal = string | number | boolean;

/** An object with known fields. Equal ones are one, wherever they stand. */
export interface ObjectType {
  /** Given by `nameObjects`, once all places are known. */
  name: string;
  description: string | undefined;
  fields: readonly Field[];
  /** Whether it may have others besides. */
  open: boolean;
  /** Where it stands, in the order of the document. */
  places: Place[];
}

export interface Field {
  name: string;
  type: Type;
  required: boolean;
  description: string | undefined;
  /** What counts when it is left out; undefined: nothing is said. */
  default: unknown;
}

/** `exec`'s input, then the fields on the way down: `["tty"]`. */
export interface Place {
  operation: string;
  part: "Input" | "Output" | "Item";
  path: readonly string[];
}

type Json = Record<string, unknown>;

/** Reads JSON Schemas (2020-12) into types. Throws for what no operation has used so far. */
export class SchemaReader {
  private readonly known = new Map<string, ObjectType>();

  /** All objects, in the order in which they were first seen. */
  get objects(): ObjectType[] {
    return [...this.known.values()];
  }

  read(schema: unknown, place: Place): Type {
    const it = asObject(schema, place);
    if ("const" in it) return literal([it.const]);
    if (Array.isArray(it.enum)) return literal(it.enum);
    const either = it.anyOf ?? it.oneOf;
    if (Array.isArray(either)) return union(either.map((each) => this.member(each, place)));
    if (Array.isArray(it.type)) {
      return union(it.type.map((type) => this.read({ ...it, type }, place)));
    }
    switch (it.type) {
      case "string":
      case "number":
      case "integer":
      case "boolean":
      case "null":
        return { kind: it.type };
      case "array": {
        const item = this.read(it.items ?? {}, within(place, "[]"));
        const { minItems, maxItems } = it;
        const fixed = typeof minItems === "number" && minItems === maxItems;
        return { kind: "list", item, ...(fixed ? { length: minItems } : {}) };
      }
      case "object":
        return this.object(it, place);
      case undefined:
        if (Object.keys(it).every((key) => key === "description")) return { kind: "unknown" };
    }
    throw new Error(`${nameOf(place)}: no type is known for ${JSON.stringify(it).slice(0, 200)}`);
  }

  /** Of several, each that says its kind is named by it. */
  private member(schema: unknown, place: Place): Type {
    const properties = asObject(asObject(schema, place).properties ?? {}, place);
    const { const: kind } = asObject(properties.type ?? {}, place);
    return this.read(schema, typeof kind === "string" ? within(place, kind) : place);
  }

  private object(schema: Json, place: Place): Type {
    const { properties, additionalProperties } = schema;
    if (properties === undefined && additionalProperties !== false) {
      const value = additionalProperties === true ? {} : (additionalProperties ?? {});
      return { kind: "map", value: this.read(value, within(place, "[]")) };
    }
    const required = new Set((schema.required ?? []) as string[]);
    const fields = Object.entries(asObject(properties ?? {}, place)).map(([name, property]) =>
      this.field(name, property, required.has(name), within(place, name)),
    );
    const open = typeof additionalProperties === "object" || additionalProperties === true;
    const key = JSON.stringify({ fields, open }, (name, value) =>
      name === "places" ? undefined : value,
    );
    const known = this.known.get(key);
    const { description } = schema;
    const object = known ?? {
      name: "",
      description: typeof description === "string" ? description : undefined,
      fields,
      open,
      places: [],
    };
    object.places.push(place);
    this.known.set(key, object);
    return { kind: "object", object };
  }

  field(name: string, property: unknown, required: boolean, place: Place): Field {
    const { description, default: fallback } = asObject(property, place);
    const text = typeof description === "string" ? description : undefined;
    const type = this.read(property, place);
    return { name, type, required, description: text, default: fallback };
  }
}

/** Whether null is one of a type's values. */
export function isNullable(type: Type): boolean {
  return type.kind === "null" || (type.kind === "union" && type.members.some(isNullable));
}

/** Where a part of a thing stands. */
function within(place: Place, step: string): Place {
  return { ...place, path: [...place.path, step] };
}

function nameOf({ operation, part, path }: Place): string {
  return [`${operation} ${part}`, ...path].join(".");
}

function literal(values: readonly unknown[]): Type {
  const known = values.filter((value): value is Literal =>
    ["string", "number", "boolean"].includes(typeof value),
  );
  const type: Type = { kind: "literal", values: known };
  return known.length === values.length ? type : union([type, { kind: "null" }]);
}

/** One of several, without repetitions. */
function union(members: readonly Type[]): Type {
  const flat = members.flatMap((type) => (type.kind === "union" ? type.members : [type]));
  const different = flat.filter(
    (type, at) =>
      flat.findIndex((other) =>
        type.kind === "object"
          ? other.kind === "object" && other.object === type.object
          : other.kind !== "object" && JSON.stringify(other) === JSON.stringify(type),
      ) === at,
  );
  const [only] = different;
  return only && different.length === 1 ? only : { kind: "union", members: different };
}

function asObject(value: unknown, place: Place): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`${nameOf(place)}: ${JSON.stringify(value)} is no schema`);
}
