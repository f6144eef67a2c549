import type { z } from "zod";
import { errorTable } from "../../../src/contract/errors.ts";
import { failuresOf } from "../../../src/contract/failures.ts";
import { jsonSchema } from "../../../src/contract/json-schema.ts";
import type { Operation, Stream } from "../../../src/contract/operation.ts";
import { framesContentType } from "../../../src/frames.ts";
import { streamTypes } from "./encode.ts";

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of these operations (schemas are JSON Schema 2020-12 as they stand). */
export function openapi(operations: readonly Operation[], version: string, url: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const method = operation.method.toLowerCase();
    paths[operation.path] = { ...paths[operation.path], [method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Nexora",
      version,
      description: "Workstations that an agent can see, type in and run commands in.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Error: errorSchema },
    },
  };
}

const errorSchema = {
  type: "object",
  required: ["code", "message"],
  properties: {
    code: { type: "string", enum: Object.keys(errorTable) },
    message: { type: "string", description: "What failed and why" },
    hint: { type: "string", description: "The next step" },
    details: { type: "object" },
  },
};

function describe(operation: Operation): Json {
  const schema = jsonSchema(operation.input, "input");
  const properties = (schema.properties ?? {}) as Record<string, Json>;
  const required = new Set((schema.required ?? []) as string[]);
  const inPath = new Set([...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""));
  const inQuery =
    operation.method === "GET" ||
    operation.method === "DELETE" ||
    operation.stream?.in === "archive";
  const others = Object.keys(properties).filter((name) => !inPath.has(name));
  return {
    operationId: operation.id,
    tags: [operation.path.split("/")[2] ?? "daemon"],
    summary: operation.summary,
    ...(operation.description ? { description: operation.description } : {}),
    ...extensions(operation),
    parameters: [
      ...[...inPath].map((name) => parameter(name, "path", properties[name] ?? {}, true)),
      ...(inQuery
        ? others.map((name) => parameter(name, "query", properties[name] ?? {}, required.has(name)))
        : []),
    ],
    ...requestBody(operation, inQuery ? [] : others, properties, required),
    responses: responses(operation),
  };
}

/** What OpenAPI has no words for: the scope that a caller needs, and of what the reply is a part. */
function extensions({ access, stream, picture }: Operation): Json {
  return {
    "x-nexora-access": access,
    ...(stream?.asked ? { "x-nexora-follow": stream.asked } : {}),
    ...(picture ? { "x-nexora-picture": picture } : {}),
  };
}

function parameter(name: string, place: "path" | "query", schema: Json, required: boolean): Json {
  const { description, ...rest } = schema;
  const json = place === "query" && rest.type === "object";
  return {
    name,
    in: place,
    required,
    ...(description ? { description } : {}),
    ...(json ? { content: { "application/json": { schema: rest } } } : { schema: rest }),
  };
}

function requestBody(
  operation: Operation,
  names: string[],
  properties: Record<string, Json>,
  required: Set<string>,
): Json {
  const content: Json = {};
  if (names.length > 0) {
    content["application/json"] = {
      schema: {
        type: "object",
        properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
        required: names.filter((name) => required.has(name)),
        additionalProperties: false,
      },
    };
  }
  const taken = operation.stream?.in;
  const type = taken === "archive" ? "application/x-tar" : taken && framesContentType;
  if (type) content[type] = { schema: { type: "string", format: "binary" } };
  if (Object.keys(content).length === 0) return {};
  return {
    requestBody: {
      required: names.length === 0 || names.some((name) => required.has(name)),
      content,
    },
  };
}

function responses(operation: Operation): Json {
  const { output, stream, picture, healthy } = operation;
  const binary = { schema: { type: "string", format: "binary" } };
  const items = stream?.out ? streamContent(stream.out, stream.item) : {};
  const content = {
    ...(output ? { "application/json": { schema: jsonSchema(output, "output") } } : {}),
    ...items,
    ...(picture ? Object.fromEntries(pictureTypes.map((type) => [type, binary])) : {}),
  };
  const failures: Json = {};
  const alsoHere = [
    "unauthorized",
    "version_mismatch",
    "too_large",
    "headers_too_large",
    "unexpected",
  ] as const;
  for (const code of new Set([...alsoHere, ...failuresOf(operation)])) {
    const status = String(errorTable[code].status);
    const before = (failures[status] as { description: string } | undefined)?.description;
    failures[status] = {
      description: before ? `${before}, \`${code}\`` : `\`${code}\``,
      content: { "application/json": { schema: errorRef } },
    };
  }
  return {
    "200": { description: "Done", content },
    ...(picture
      ? { "204": { description: "There is no picture: nothing has changed, or the sizes differ" } }
      : {}),
    ...failures,
    ...(healthy ? { "503": { description: `\`${healthy}\` is false`, content } } : {}),
  };
}

/** Each media type of a stream; where there are items, the schema is that of one (OpenAPI 3.1 has no other). */
function streamContent(shape: NonNullable<Stream["out"]>, item: z.ZodType | undefined): Json {
  const line = item ? jsonSchema(item, "output") : processLine;
  const schemas: Record<string, Json> = {
    "application/x-ndjson": {
      description: "One line; empty lines mean nothing",
      anyOf: [line, failureLine],
    },
    "text/event-stream": event(line),
    "text/plain; charset=utf-8": { type: "string" },
  };
  const bytes = { type: "string", format: "binary" };
  return Object.fromEntries(
    streamTypes(shape).map((type) => [type, { schema: schemas[type] ?? bytes }]),
  );
}

const errorRef = { $ref: "#/components/schemas/Error" };

/** How a stream of lines ends that has failed. */
const failureLine = {
  type: "object",
  required: ["type", "error"],
  properties: { type: { const: "error" }, error: errorRef },
};

/** One line of a program's output (src/contract/process.ts). */
const processLine = {
  type: "object",
  required: ["type"],
  properties: {
    type: { enum: ["started", "stdout", "stderr", "result"] },
    pid: { type: "integer", description: "With `started`" },
    data: { type: "string", description: "With `stdout` and `stderr`, as text" },
    base64: { type: "string", description: "With `stdout` and `stderr`: the exact bytes" },
    exitCode: { type: ["integer", "null"], description: "With `result`, and so those below" },
    signal: { type: ["string", "null"] },
    timedOut: { type: "boolean" },
    durationMs: { type: "number" },
  },
};

/** One server-sent event, whose data is an item or, in the event `error`, an error. */
function event(item: Json): Json {
  return {
    description: "One event; comments mean nothing",
    type: "object",
    required: ["data"],
    properties: {
      id: { type: "string", description: "The item's id, for `Last-Event-ID`" },
      event: { type: "string", description: "The item's `type`, or `error`" },
      data: {
        type: "string",
        contentMediaType: "application/json",
        contentSchema: { anyOf: [item, errorRef] },
      },
    },
  };
}

const pictureTypes = ["image/png", "image/jpeg", "image/webp"];
