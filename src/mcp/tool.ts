import { jsonSchema } from "../contract/json-schema.ts";
import type { Operation } from "../contract/operation.ts";

type Json = Record<string, unknown>;

/** An operation as a tool of the Model Context Protocol. */
export interface Tool {
  operation: Operation;
  /** What `tools/list` says of it (MCP 2026-07-28, "Tool"). */
  definition: {
    name: string;
    description: string;
    inputSchema: { type: "object" } & Json;
    /** Of the structured content, which a reply with pictures has not. */
    outputSchema?: { type: "object" } & Json;
    annotations: { readOnlyHint: boolean; destructiveHint: boolean; openWorldHint: boolean };
  };
  /** The operation's fields for a call's arguments; unchecked. */
  fieldsOf(given: Json): Json;
}

/** Which fields a tool has, when not all. */
export interface ToolForm {
  description?: string;
  /** Names of fields; a schema takes the place of the field's own. */
  fields?: Readonly<Record<string, Json | true>>;
  /** Arguments as the operation's fields. */
  translate?: (given: Json) => Json;
}

/** Whether an operation can be a tool: whoever calls one gets a reply, and sends nothing besides. */
export function isCallable({ output, stream }: Operation): boolean {
  return output !== null && stream?.in !== "archive";
}

/**
 * `session`: the one that all calls are about; null: each names its own, or means the only one that runs.
 * With a form it says nothing of its output: few words are the point of it.
 */
export function toolOf(operation: Operation, session: string | null, given?: ToolForm): Tool {
  const { id, access, method, summary, description, output } = operation;
  const form = given ?? {};
  const whole = jsonSchema(operation.input, "input");
  const all = (whole.properties ?? {}) as Record<string, Json>;
  const wanted =
    form.fields ?? Object.fromEntries(Object.keys(all).map((name) => [name, true as const]));
  const properties: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(wanted)) {
    if (name !== "session") properties[name] = schema === true ? (all[name] ?? {}) : schema;
  }
  const needsSession = "session" in all;
  if (needsSession && session === null) properties.session = sessionSchema;
  const required = ((whole.required ?? []) as string[]).filter(
    (name) => name !== "session" && name in properties,
  );
  const reads = access === "read";
  return {
    operation,
    definition: {
      name: id.replaceAll(".", "_"),
      description: form.description ?? [summary, description].filter(Boolean).join(". "),
      inputSchema: {
        type: "object",
        properties,
        ...(required.length > 0 ? { required } : {}),
        additionalProperties: false,
      },
      ...(given || !output ? {} : outputOf(jsonSchema(output, "output"))),
      annotations: {
        readOnlyHint: reads,
        destructiveHint: !reads && (access === "admin" || method === "DELETE" || id === "exec"),
        openWorldHint: !reads,
      },
    },
    fieldsOf(given) {
      const fields = form.translate?.(given) ?? given;
      return needsSession ? { ...fields, session: session ?? fields.session ?? "@" } : fields;
    },
  };
}

function outputOf(schema: Json): Pick<Tool["definition"], "outputSchema"> {
  const hasPictures = JSON.stringify(schema).includes('"base64"');
  return schema.type === "object" && !hasPictures
    ? { outputSchema: { ...schema, type: "object" } }
    : {};
}

const sessionSchema = {
  type: "string",
  description: "Name of the session; left out: the only one that runs",
};
