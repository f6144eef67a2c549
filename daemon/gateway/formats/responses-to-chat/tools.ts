import { BadRequest } from "../errors.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  present,
  textOf,
} from "../json.ts";

/** A tool of a Responses request, which is a function in Chat. */
interface Tool {
  name: string;
  /** Of the namespace that it was given in. */
  namespace: string | null;
  /** A custom tool's input is a text, not an object. */
  custom: boolean;
}

/** Tools of OpenAI's that agents offer to every model; those that a search would find are all there. */
const doneWithout = /^(web_search|image_generation|tool_search)/;

/** What a custom tool's text is called, as it must be a field of an object. */
const inputField = "input";

/** The tools of one Responses request: their functions, and which tool a call of one means. */
export class ToolNames {
  readonly functions: JsonObject[] = [];
  private readonly byFunction = new Map<string, Tool>();

  /** Throws BadRequest for a tool that runs at OpenAI. Some are left out. */
  constructor(tools: Json | undefined) {
    for (const [index, tool] of objectsOf(tools).entries()) this.add(tool, null, `tools[${index}]`);
  }

  private add(tool: JsonObject, namespace: string | null, param: string): void {
    const type = textOf(tool.type);
    if (type === "namespace" && namespace === null) {
      for (const inner of objectsOf(tool.tools)) this.add(inner, textOf(tool.name), param);
    } else if (type === "function" || type === "custom") {
      const custom = type === "custom";
      const name = textOf(tool.name);
      const callable = this.nameOf(namespace, name);
      this.byFunction.set(callable, { name, namespace, custom });
      this.functions.push(custom ? customFunction(callable, tool) : plainFunction(callable, tool));
    } else if (!doneWithout.test(type)) {
      throw new BadRequest(`this provider has no tool ${type}`, param);
    }
  }

  /** What a tool is called in Chat. */
  nameOf(namespace: Json | undefined, name: Json | undefined): string {
    return namespace ? `${textOf(namespace)}__${textOf(name)}` : textOf(name);
  }

  /** The item of a call as Responses gives it, without its id. */
  callItem(call_id: string, called: string, text: string): JsonObject {
    const tool = this.byFunction.get(called);
    if (tool?.custom) {
      const input = textOf(parseObject(text)?.[inputField]);
      return { type: "custom_tool_call", call_id, name: tool.name, input };
    }
    const { name, namespace } = tool ?? { name: called, namespace: null };
    const within = namespace ? { namespace } : {};
    return { type: "function_call", call_id, name, ...within, arguments: text };
  }

  isCustom(called: string): boolean {
    return this.byFunction.get(called)?.custom === true;
  }

  /** `tool_choice`, and the tools that it leaves. Throws BadRequest. */
  choice(choice: Json | undefined): { tools: JsonObject[]; tool_choice: Json | undefined } {
    const tools = this.functions;
    if (typeof choice === "string") return { tools, tool_choice: choice };
    if (!isObject(choice)) return { tools, tool_choice: undefined };
    if (choice.type === "function" || choice.type === "custom") {
      const name = this.nameOf(null, choice.name);
      return { tools, tool_choice: { type: "function", function: { name } } };
    }
    if (choice.type !== "allowed_tools") {
      throw new BadRequest(`this provider has no tool ${textOf(choice.type)}`, "tool_choice");
    }
    const names = objectsOf(choice.tools).map(({ namespace, name }) =>
      this.nameOf(namespace, name),
    );
    const allowed = tools.filter((tool) => names.includes(textOf(objectOf(tool.function).name)));
    return { tools: allowed, tool_choice: choice.mode };
  }
}

/** A custom call's text as the arguments of its function. */
export function customArguments(input: Json | undefined): string {
  return JSON.stringify({ [inputField]: textOf(input) });
}

function plainFunction(name: string, { description, parameters, strict }: JsonObject): JsonObject {
  const fields = {
    name,
    description: description ?? undefined,
    parameters: parameters ?? undefined,
    strict: strict === true ? true : undefined,
  };
  return { type: "function", function: present(fields) };
}

function customFunction(name: string, tool: JsonObject): JsonObject {
  const format = objectOf(tool.format);
  const { definition, syntax } = isObject(format.grammar) ? format.grammar : format;
  const grammar = definition
    ? `The input follows this ${textOf(syntax)} grammar:\n${textOf(definition)}`
    : "";
  const description = [textOf(tool.description), grammar].filter(Boolean).join("\n\n");
  const parameters = {
    type: "object",
    properties: { [inputField]: { type: "string", description: "The whole input of the tool" } },
    required: [inputField],
    additionalProperties: false,
  };
  return {
    type: "function",
    function: present({ name, description: description || undefined, parameters }),
  };
}
