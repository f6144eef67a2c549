import { bodyOf, eventsOf, type Turn, wireOf } from "./model-wires.ts";
import { type Behaviour, events, json } from "./raw-upstream.ts";

/** The signature of all that it thinks. Like Anthropic, it refuses to go on without. */
export const signature = "c2lnbmVkIGJ5IHRoZSB1cHN0cmVhbQ==";

/**
 * A simple model, which speaks each wire format, by the path of the request: it calls each tool that it
 * is given, and once it has the results, or has no tools, says what it has seen.
 */
export const simpleModel: Behaviour = (request, socket) => {
  const { path } = request;
  const body: Record<string, unknown> = JSON.parse(request.body);
  answerTo(path, body)(request, socket);
};

function answerTo(path: string, body: Record<string, unknown>): Behaviour {
  if (path.endsWith("/embeddings")) return json(embeddings(body));
  const wire = wireOf(path);
  if (!wire) return json({ error: { message: `there is no ${path}` } }, 404);
  const refusal = wire === "anthropic-messages" ? missingThinking(body) : null;
  if (refusal) return json({ type: "error", error: refusal }, 400);
  const model = String(body.model ?? "gemini");
  const turn = turnFor(body);
  const streams = body.stream === true || path.includes("streamGenerateContent");
  return streams ? events(eventsOf(wire, model, turn)) : json(bodyOf(wire, model, turn));
}

/** What the simple model says to a request. */
function turnFor(body: Record<string, unknown>): Turn {
  const text = JSON.stringify(body);
  const count = (pattern: RegExp) => (text.match(pattern) ?? []).length;
  const pictures = count(/"type":"(image|image_url|input_image)"/g);
  const results = count(/"role":"tool"|"type":"(tool_result|function_call_output)"/g);
  const names = count(/"type":"tool_use"|"tool_calls":/g) === 0 ? toolNames(body.tools) : [];
  const thinks = body.reasoning_effort !== undefined || body.thinking !== undefined;
  const thinking = thinks ? { thinking: { text: "What is asked of me?", signature } } : {};
  if (names.length === 0 || results > 0) {
    return { ...thinking, text: `I see ${pictures} pictures and ${results} results.` };
  }
  const calls = names.map((name, index) => ({
    id: `call_${index}`,
    name,
    input: { city: "Zürich", note: 'with "quotes" and \\' },
  }));
  return { ...thinking, text: "I ask my tools.", calls };
}

function toolNames(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  return tools.map((tool) => String(tool.name ?? tool.function?.name));
}

/** Anthropic's rule: who thinks and called a tool must show its thinking, with its signature. */
function missingThinking(body: Record<string, unknown>): { type: string; message: string } | null {
  const messages: unknown[] = Array.isArray(body.messages) ? body.messages : [];
  const turns = messages.map((message) => JSON.stringify(message));
  const called = turns.filter((turn) => turn.includes('"type":"tool_use"'));
  if (body.thinking === undefined || called.every((turn) => turn.includes(signature))) return null;
  return {
    type: "invalid_request_error",
    message: "Expected `thinking` or `redacted_thinking`, but found `tool_use`",
  };
}

function embeddings(body: Record<string, unknown>) {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const data = inputs.map((_, index) => ({ object: "embedding", index, embedding: [0.5, -0.5] }));
  const usage = { prompt_tokens: 8, total_tokens: 8 };
  return { object: "list", data, model: body.model, usage };
}
