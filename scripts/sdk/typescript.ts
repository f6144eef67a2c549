import { camel } from "./names.ts";
import type { Api, SdkOperation } from "./operations.ts";
import type { Field, ObjectType, Type } from "./schema.ts";
import { type Branch, treeOf, waysOf } from "./tree.ts";

/** Names of the package's own, which no type of the API's may have. */
export const typescriptNames = [
  ...["Client", "Workstation", "CallOptions", "ConnectOptions", "NexoraError", "ErrorCode"],
  ...["Process", "ProcessOptions", "ProcessOutput", "ProcessResult", "Picture", "Bytes"],
];

/** The module with the API's types: `Client`, `Workstation`, and an interface for each object. */
export function typescriptTypes({ operations, objects }: Api): string {
  const root = treeOf(operations);
  const bound = treeOf(operations.filter(({ session }) => session));
  return [
    "// Made by scripts/sdk.ts from the OpenAPI document.",
    'import type { Bytes, CallOptions, Picture, Process, ProcessOptions } from "./types.ts";',
    "",
    "/** Every operation, by the words of its id. */",
    `export interface Client {\n${members(root, false)}`,
    "  /** The operations on one session: those of the client, without their field `session`. */",
    "  workstation(session: string): Workstation;\n}\n",
    "/** What can be done in one session. The one field that an operation must have comes first. */",
    `export interface Workstation {\n${members(bound, true)}}\n`,
    ...objects.map(interfaceOf),
  ].join("\n");
}

function members(branch: Branch, bound: boolean): string {
  return branch.branches.map((each) => member(each, bound)).join("");
}

function member(branch: Branch, bound: boolean): string {
  const { word, operation } = branch;
  const name = camel(word);
  const doc = operation ? comment(docOf(operation)) : "";
  const ways = waysOf(operation);
  if (operation && ways.length === 0 && branch.branches.length === 0) {
    return `${doc}  readonly ${name}: ${signature(operation, bound, " => ")};\n`;
  }
  const own = operation ? [`${signature(operation, bound, ": ")};`] : [];
  if (operation && ways.includes("stream")) {
    own.push("/** The same as a stream. */", `stream${streamSignature(operation, bound)};`);
  }
  if (operation && ways.includes("picture")) {
    own.push(
      "/** The picture alone, as bytes. */",
      `picture${pictureSignature(operation, bound)};`,
    );
  }
  const body = own.map((line) => `  ${line}\n`).join("") + members(branch, bound);
  return `${doc}  readonly ${name}: {\n${body}  };\n`;
}

/** What a call takes and gives: `(input: ExecInput, options?: CallOptions): Promise<ExecOutput>`. */
function signature(operation: SdkOperation, bound: boolean, arrow: string): string {
  if (!operation.replies) return streamSignature(operation, bound, arrow);
  const result = operation.output ? typeText(operation.output) : "void";
  return `(${parameters(operation, bound)})${arrow}Promise<${result}>`;
}

function streamSignature(operation: SdkOperation, bound: boolean, arrow = ": "): string {
  const { gives, item } = operation;
  if (gives === "process") {
    return `(${parameters(operation, bound, "ProcessOptions")})${arrow}Process`;
  }
  const one = gives === "lines" ? "string" : gives === "archive" ? "Uint8Array" : item;
  const text = one && typeof one === "object" ? typeText(one) : one;
  return `(${parameters(operation, bound)})${arrow}AsyncGenerator<${text}, void, undefined>`;
}

function pictureSignature(operation: SdkOperation, bound: boolean): string {
  const output = operation.output ? typeText(operation.output) : "never";
  const of = `Picture<${output}, "${operation.picture}">`;
  return `(${parameters(operation, bound)}): Promise<${of}>`;
}

function parameters(operation: SdkOperation, bound: boolean, options = "CallOptions"): string {
  const { input, first, fields, takes, gives } = operation;
  const left = bound ? ["session", ...(first ? [first] : [])] : [];
  const others = fields.filter(({ name }) => !left.includes(name));
  const type =
    left.length > 0 ? `Omit<${input.name}, ${left.map(quoted).join(" | ")}>` : input.name;
  const needed = others.some(({ required }) => required);
  return [
    ...(bound && first ? [`${first}: ${input.name}["${first}"]`] : []),
    ...(takes === "archive" && gives === null && bound ? ["archive: Bytes"] : []),
    `input${needed ? "" : "?"}: ${others.length > 0 ? type : "Record<string, never>"}`,
    ...(takes === "archive" && gives === null && !bound ? ["archive: Bytes"] : []),
    `options?: ${options}`,
  ].join(", ");
}

function interfaceOf(object: ObjectType): string {
  const doc = object.description ? comment(object.description, "") : "";
  // Interfaces, as the vendors' SDKs have them, fit `any` but not `unknown`.
  const others = object.open ? "  [field: string]: any;\n" : "";
  const fields = object.fields.map(fieldText).join("") + others;
  return `${doc}export interface ${object.name} {\n${fields}}\n`;
}

function fieldText({ name, type, required, description, default: fallback }: Field): string {
  const text = [
    ...(description ? [description] : []),
    ...(fallback === undefined ? [] : [`@default ${JSON.stringify(fallback)}`]),
  ].join("\n");
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : quoted(name);
  const it = required ? `${key}: ${typeText(type)}` : `${key}?: ${typeText(type)} | undefined`;
  return `${text ? comment(text) : ""}  ${it};\n`;
}

function typeText(type: Type): string {
  switch (type.kind) {
    case "integer":
      return "number";
    case "literal":
      return type.values.map((value) => JSON.stringify(value)).join(" | ");
    case "list": {
      const item = typeText(type.item);
      if (type.length) return `[${Array(type.length).fill(item).join(", ")}]`;
      return item.includes(" ") ? `(${item})[]` : `${item}[]`;
    }
    case "map":
      return `Record<string, ${typeText(type.value)}>`;
    case "union":
      return type.members.map(typeText).join(" | ");
    case "object":
      return type.object.name;
    default:
      return type.kind;
  }
}

function docOf({ summary, description }: SdkOperation): string {
  return description ? `${summary}\n\n${description}` : summary;
}

function comment(text: string, indent = "  "): string {
  const lines = text.replaceAll("*/", "*\\/").split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The module that the package is: the table of operations, and `connect` with its types. */
export function typescriptMain({ version, operations }: Api): string {
  const facts = operations.map((operation) => {
    const {
      summary: _,
      description: __,
      fields: ___,
      input: ____,
      output,
      item,
      ...its
    } = operation;
    return its;
  });
  return `// Made by scripts/sdk.ts from the OpenAPI document.
import type { Client } from "./api.ts";
import { type ConnectOptions, openClient } from "./client.ts";
import type { OperationFacts } from "./facts.ts";

export type * from "./api.ts";
export type { ConnectOptions } from "./client.ts";
export type * from "./types.ts";
export { type ErrorCode, NexoraError } from "../../contract/errors.ts";

const version = ${quoted(version)};
const operations: readonly OperationFacts[] = ${JSON.stringify(facts, null, 1)};

/** The daemon of this user, or the one that \`NEXORA_HOST\` names. Nothing is sent before the first call. */
export function connect(options: ConnectOptions = {}): Client {
  return openClient<Client>({ ...options, version, operations });
}
`;
}
