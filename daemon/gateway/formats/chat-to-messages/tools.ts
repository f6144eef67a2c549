import { BadRequest } from "../errors.ts";
import { type Json, type JsonObject, objectOf, objectsOf, present, textOf } from "../json.ts";

/** `tools`, `tool_choice` and `parallel_tool_calls` of Chat in the words of Messages. */
export function toolFields(body: JsonObject): Record<string, Json | undefined> {
  const allowed = objectOf(objectOf(body.tool_choice).allowed_tools);
  const names = objectsOf(allowed.tools).map((tool) => nameOf(tool));
  const tools = objectsOf(body.tools)
    .map((tool, index) => toolOf(tool, `tools[${index}]`))
    .filter(({ name }) => names.length === 0 || names.includes(textOf(name)));
  if (tools.length === 0) return {};
  const choice = choiceOf(allowed.mode ?? body.tool_choice);
  const single = body.parallel_tool_calls === false && choice?.type !== "none";
  return {
    tools,
    tool_choice: single ? { type: "auto", ...choice, disable_parallel_tool_use: true } : choice,
  };
}

function nameOf(tool: JsonObject): string {
  return textOf(objectOf(tool.function).name);
}

function toolOf(tool: JsonObject, param: string): JsonObject {
  if (tool.type !== "function") {
    throw new BadRequest(`this provider has no ${textOf(tool.type) || "such"} tools`, param);
  }
  const { description, parameters, strict } = objectOf(tool.function);
  return present({
    name: nameOf(tool),
    description: description ?? undefined,
    input_schema: { type: "object", properties: {}, ...objectOf(parameters) },
    strict: strict === true ? true : undefined,
  });
}

function choiceOf(choice: Json | undefined): JsonObject | undefined {
  switch (choice) {
    case "auto":
    case "none":
      return { type: choice };
    case "required":
    case "any":
      return { type: "any" };
  }
  const name = nameOf(objectOf(choice));
  return name ? { type: "tool", name } : undefined;
}
