import { pascal, snake } from "./names.ts";
import type { Api, SdkOperation } from "./operations.ts";
import { docstring, identifier, isKeyword, quoted, typeText } from "./python-words.ts";
import { type Field, isNullable, type ObjectType, type Type } from "./schema.ts";
import { type Branch, treeOf, waysOf } from "./tree.ts";

/** Names that no type of the API's may have, because the module of types imports them. */
export const pythonNames = ["Any", "Literal", "NotRequired", "TypedDict"];

const head =
  "# Made by scripts/sdk.ts from the OpenAPI document.\nfrom __future__ import annotations\n";

/** The module `types`: a TypedDict for each object. */
export function pythonTypes({ objects }: Api): string {
  const imports = "from typing import Any, Literal, NotRequired, TypedDict\n";
  return [head, imports, ...objects.map(typedDict)].join("\n");
}

function typedDict({ name, description, fields, open }: ObjectType): string {
  // No TypedDict of Python 3.11's has fields that it does not name.
  if (open) return `\n${name} = dict[str, Any]\n`;
  const types = fields.map((field) => {
    const text = typeText(field.type, "");
    return { ...field, text: field.required ? text : `NotRequired[${text}]` };
  });
  if (types.some((field) => isKeyword(field.name))) {
    const pairs = types.map((field) => `${quoted(field.name)}: ${quoted(field.text)}`);
    return `\n${name} = TypedDict(${quoted(name)}, {${pairs.join(", ")}})\n`;
  }
  const lines = types.map((field) => {
    const doc = field.description ? `\n    ${docstring(field.description, "    ")}` : "";
    return `    ${field.name}: ${field.text}${doc}\n`;
  });
  const doc = description ? `    ${docstring(description, "    ")}\n` : "";
  return `\nclass ${name}(TypedDict):\n${doc}${lines.join("") || (doc ? "" : "    pass\n")}`;
}

/** The module `_api`: `Client` and `Workstation`, whose methods are the operations. */
export function pythonApi({ version, operations }: Api): string {
  const bound = treeOf(operations.filter(({ session }) => session));
  return [
    head,
    "from collections.abc import Generator, Iterable",
    "from typing import Any, Literal\n",
    "from . import types",
    "from ._call import UNSET, Operation, Unset",
    "from ._calls import Calls",
    "from ._process import Process",
    "from ._streams import Archive, Picture\n",
    `VERSION = ${quoted(version)}\n`,
    ...operations.map(operationText),
    ...new Writer("Workstation", true).classes(bound, "What can be done in one session."),
    ...new Writer("Client", false).classes(
      treeOf(operations),
      "Every operation, by the words of its id.",
      `
    def workstation(self, session: str) -> Workstation:
        """The operations on one session: those of the client, without their field session."""
        return Workstation(self._calls, session)
`,
    ),
  ].join("\n");
}

function constant({ id }: SdkOperation): string {
  return `_${snake(id).toUpperCase()}`;
}

function operationText(operation: SdkOperation): string {
  const { method, path, reads, replies, healthy, asked, fields } = operation;
  const nullable = fields
    .filter(({ type }) => isNullable(type))
    .map(({ name }) => `${quoted(name)}, `);
  const parts = [
    quoted(method),
    quoted(path),
    ...(reads ? ["reads=True"] : []),
    ...(replies ? [] : ["replies=False"]),
    ...(healthy ? ["healthy=True"] : []),
    ...(asked ? [`asked=${quoted(asked)}`] : []),
    ...(nullable.length > 0 ? [`nullable=(${nullable.join("")})`] : []),
  ];
  return `${constant(operation)} = Operation(${parts.join(", ")})`;
}

/** Writes the classes of a tree of operations: bound to a session, or not. */
class Writer {
  constructor(
    private readonly name: string,
    private readonly bound: boolean,
  ) {}

  /** Those of what is below come first. */
  classes(branch: Branch, doc: string, more = ""): string[] {
    const own = branch.branches.filter((each) => this.isClass(each));
    const below = own.flatMap((each) =>
      this.classes(each, each.operation?.summary ?? `Operations on ${each.words.join(" ")}.`),
    );
    const given = this.bound ? "calls: Calls, session: str" : "calls: Calls";
    const passed = this.bound ? "calls, session" : "calls";
    const init = [
      `    def __init__(self, ${given}) -> None:`,
      "        self._calls = calls",
      ...(this.bound ? ["        self._session = session"] : []),
      ...own.map(
        (each) => `        self.${identifier(each.word)} = ${this.className(each)}(${passed})`,
      ),
      "",
    ];
    const methods = branch.branches.filter((each) => !own.includes(each));
    const text = [
      `\nclass ${this.className(branch)}:`,
      `    ${docstring(doc, "    ")}\n`,
      ...init,
      ...(branch.operation ? this.waysTo(branch.operation) : []),
      ...methods.map(({ word, operation }) =>
        operation
          ? this.method(operation, identifier(word), operation.replies ? "reply" : "stream")
          : "",
      ),
    ].join("\n");
    return [...below, text + more];
  }

  private isClass({ operation, branches }: Branch): boolean {
    return branches.length > 0 || waysOf(operation).length > 0;
  }

  private className({ words }: Branch): string {
    return words.length === 0 ? this.name : `_${this.name}${pascal(words.join("."))}`;
  }

  private waysTo(operation: SdkOperation): string[] {
    const first = this.method(operation, "__call__", operation.replies ? "reply" : "stream");
    return [first, ...waysOf(operation).map((way) => this.method(operation, way, way))];
  }

  private method(
    operation: SdkOperation,
    name: string,
    way: "reply" | "stream" | "picture",
  ): string {
    const { takes, gives, output, item, fields } = operation;
    const shape = way === "stream" ? gives : null;
    const uploads = takes === "archive" && gives === null;
    const [result, call] = this.result(way, shape, { output, item, uploads });
    const shown = fields.filter(({ name: field }) => !(this.bound && field === "session"));
    const parameters = [
      "self",
      ...shown.filter(({ required }) => required).map(parameter),
      ...(uploads ? ["archive: bytes | Iterable[bytes]"] : []),
      "*",
      ...shown.filter(({ required }) => !required).map(parameter),
      ...(shape === "process" ? ["interactive: bool = False"] : []),
      "timeout: float | None = None",
    ];
    const given = fields.map(({ name: field }) => {
      const value = this.bound && field === "session" ? "self._session" : identifier(field);
      return `            ${quoted(field)}: ${value},\n`;
    });
    const passed = [
      ...[constant(operation), "given"],
      ...(uploads ? ["archive"] : []),
      ...(shape === "process" ? ["interactive"] : []),
      "timeout",
    ];
    return `    def ${name}(
${parameters.map((each) => `        ${each},\n`).join("")}    ) -> ${result}:
        ${docstring(docOf(operation, shown), "        ")}
        given: dict[str, Any] = {
${given.join("")}        }
        reply: ${result} = self._calls.${call}(${passed.join(", ")})
        return reply
`;
  }

  /** What a method returns, and the method of Calls that gives it. */
  private result(
    way: "reply" | "stream" | "picture",
    shape: SdkOperation["gives"],
    { output, item, uploads }: { output: Type | null; item: Type | null; uploads: boolean },
  ): [string, string] {
    if (way === "picture") return ["Picture", "picture"];
    if (way === "reply") {
      return [output ? typeText(output, "types.") : "None", uploads ? "upload" : "reply"];
    }
    if (shape === "process") return ["Process", "process"];
    if (shape === "archive") return ["Archive", "archive"];
    if (shape === "lines") return ["Generator[str, None, None]", "lines"];
    return [`Generator[${item ? typeText(item, "types.") : "Any"}, None, None]`, "items"];
  }
}

function parameter({ name, type, required }: Field): string {
  if (name === "timeout" || name === "interactive" || name === "archive") {
    throw new Error(`a field is called ${name}, which is the SDKs' own word`);
  }
  const text = typeText(type, "types.");
  if (required) return `${identifier(name)}: ${text}`;
  if (isNullable(type)) return `${identifier(name)}: ${text} | Unset = UNSET`;
  return `${identifier(name)}: ${text} | None = None`;
}

function docOf({ summary, description }: SdkOperation, fields: readonly Field[]): string {
  const about = fields.filter(({ description: text }) => text);
  return [
    summary,
    ...(description ? ["", description] : []),
    ...(about.length > 0 ? [""] : []),
    ...about.map(({ name, description: text }) => `${identifier(name)}: ${text}`),
  ].join("\n");
}
