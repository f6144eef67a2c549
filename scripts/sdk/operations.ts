import type { OperationFacts } from "../../src/sdk/typescript/facts.ts";
import { nameObjects } from "./names.ts";
import { type Field, type ObjectType, type Place, SchemaReader, type Type } from "./schema.ts";

/** One operation, with all that its methods are written from. */
export interface SdkOperation extends OperationFacts {
  summary: string;
  description: string | undefined;
  /** Those that a caller gives, `session` among them; not the one that asks for a stream. */
  fields: readonly Field[];
  /** The input as an object of its own. */
  input: ObjectType;
  /** What it replies; null: it only streams. */
  output: Type | null;
  /** One item of a stream of `items`. */
  item: Type | null;
}

export interface Api {
  version: string;
  operations: readonly SdkOperation[];
  /** Every object in them, named. */
  objects: readonly ObjectType[];
}

type Json = Record<string, unknown>;

/** Reads an OpenAPI document of Nexora's (daemon/http/api/openapi.ts). `reserved`: names for no type. */
export function readApi(document: unknown, reserved: readonly string[]): Api {
  const { info, paths } = object(document);
  const reader = new SchemaReader();
  const operations = Object.entries(object(paths)).flatMap(([path, methods]) =>
    Object.entries(object(methods)).map(([method, operation]) =>
      readOperation(reader, path, method.toUpperCase(), object(operation)),
    ),
  );
  nameObjects(reader.objects, reserved);
  return { version: String(object(info).version), operations, objects: reader.objects };
}

function readOperation(reader: SchemaReader, path: string, method: string, it: Json): SdkOperation {
  const id = String(it.operationId);
  const asked = textOf(it["x-nexora-follow"]);
  const place = (part: Place["part"]): Place => ({ operation: id, part, path: [] });
  const properties = Object.fromEntries(
    [...parametersOf(it), ...bodyOf(it)].filter(([name]) => name !== asked),
  );
  const required = Object.keys(properties).filter((name) => object(properties[name]).required);
  const schemas = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, object(field).schema]),
  );
  const schema = { type: "object", properties: schemas, required, additionalProperties: false };
  const input = reader.read(schema, place("Input"));
  if (input.kind !== "object") throw new Error(`${id}: its input is no object`);
  const replies = contentOf(object(it.responses)["200"]);
  const takes = contentOf(it.requestBody);
  const out = shapeOf(replies);
  const reply = replies["application/json"];
  const bound = required.filter((name) => name !== "session");
  const failing = contentOf(object(it.responses)["503"])["application/json"] as Json | undefined;
  return {
    id,
    method,
    path,
    reads: it["x-nexora-access"] === "read",
    session: "session" in properties,
    first: bound.length === 1 ? (bound[0] ?? null) : null,
    takes: frames in takes ? "process" : "application/x-tar" in takes ? "archive" : null,
    replies: reply !== undefined,
    gives: out,
    asked,
    picture: textOf(it["x-nexora-picture"]),
    healthy: failing !== undefined && !("$ref" in object(failing.schema)),
    summary: String(it.summary),
    description: textOf(it.description) ?? undefined,
    fields: input.object.fields,
    input: input.object,
    output: reply ? reader.read(object(reply).schema, place("Output")) : null,
    item: out === "items" ? reader.read(itemOf(replies), place("Item")) : null,
  };
}

const frames = "application/vnd.nexora.frames";

/** The shape of the stream that an operation gives, by its media types. */
function shapeOf(content: Json): OperationFacts["gives"] {
  if (frames in content) return "process";
  if ("application/x-ndjson" in content) return "items";
  if ("application/x-tar" in content) return "archive";
  return Object.keys(content).some((type) => type.startsWith("text/plain")) ? "lines" : null;
}

/** The schema of a line, without the one of the error that may be the last. */
function itemOf(content: Json): unknown {
  const { anyOf } = object(object(content["application/x-ndjson"]).schema);
  return (anyOf as unknown[])[0];
}

/** What a request has in its path and query: by name the schema, and whether it must be there. */
function parametersOf(operation: Json): [string, Json][] {
  return ((operation.parameters ?? []) as Json[]).map((parameter) => {
    const { name, required, description, schema, content } = parameter;
    const its = schema ?? object(object(content)["application/json"]).schema;
    const described = { ...object(its), ...(description ? { description } : {}) };
    return [String(name), { schema: described, required }];
  });
}

function bodyOf(operation: Json): [string, Json][] {
  const json = contentOf(operation.requestBody)["application/json"];
  if (!json) return [];
  const schema = object(object(json).schema);
  const required = new Set((schema.required ?? []) as string[]);
  return Object.entries(object(schema.properties)).map(([name, property]) => [
    name,
    { schema: property, required: required.has(name) },
  ]);
}

function contentOf(part: unknown): Json {
  return object(object(part ?? {}).content ?? {});
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function object(value: unknown): Json {
  if (typeof value === "object" && value !== null) return { ...value };
  throw new Error(`${JSON.stringify(value)} is no object`);
}
