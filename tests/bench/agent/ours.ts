import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Call } from "./jobs.ts";
import { pictureTokens, type Turn, textTokens } from "./tokens.ts";

type Json = Record<string, unknown>;

interface Answer {
  content: { type: string; text?: string; data?: string }[];
  isError?: boolean;
}

/** What an agent that speaks MCP has of `nexora mcp`. */
export class OurTools implements AsyncDisposable {
  private constructor(
    private readonly client: Client,
    /** Tokens of what the server says of itself and its tools, as a client passes it on to its model. */
    readonly definitions: number,
  ) {}

  /** `environment`: what makes the command line use a daemon. */
  static async start(
    command: readonly [string, ...string[]],
    session: string,
    environment: Record<string, string>,
  ): Promise<OurTools> {
    const client = new Client({ name: "agent", version: "1" });
    const [program, ...words] = command;
    const args = [...words, "mcp", "--session", session];
    const env = { PATH: process.env.PATH ?? "", ...environment };
    await client.connect(new StdioClientTransport({ command: program, args, env }));
    const { tools } = await client.listTools();
    // The hints are for the client.
    const told = tools.map(({ name, description, inputSchema }) => {
      return { name, description, input_schema: inputSchema };
    });
    const said = `${client.getInstructions() ?? ""}${JSON.stringify(told)}`;
    return new OurTools(client, textTokens(said));
  }

  /** Does a job. Throws when a call fails, or a reference is meant that was not shown. */
  async do(calls: readonly Call[]): Promise<{ turns: Turn[]; seen: string }> {
    const turns: Turn[] = [];
    let seen = "";
    for (const { tool, arguments: given } of calls) {
      const filled = withReferences(given, seen) as Json;
      const answer = await this.call(tool, filled);
      const called = textTokens(JSON.stringify({ name: tool, input: filled }));
      turns.push({ called, shown: await shownTokens(answer) });
      const text = answer.content.map((part) => part.text ?? "").join("\n");
      if (answer.isError) throw new Error(`${tool}: ${text}`);
      seen += `${text}\n`;
    }
    return { turns, seen };
  }

  private async call(tool: string, given: Json): Promise<Answer> {
    const options = { timeout: 320_000 };
    return (await this.client.callTool({ name: tool, arguments: given }, options)) as Answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

async function shownTokens({ content }: Answer): Promise<number> {
  let sum = 0;
  for (const { text, data } of content) {
    if (text !== undefined) sum += textTokens(text);
    if (data !== undefined) {
      const { width, height } = pngSize(Buffer.from(data, "base64"));
      sum += pictureTokens(width, height);
    }
  }
  return sum;
}

/** Width and height of a PNG in pixels (PNG 1.2, IHDR). */
export function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Arguments with the references that were last shown, in place of what they stand for. */
function withReferences(value: unknown, seen: string): unknown {
  if (typeof value === "string" && /^\{\w+ ".*"\}$/.test(value)) {
    return referenceOf(value.slice(1, -1), seen);
  }
  if (Array.isArray(value)) return value.map((each) => withReferences(each, seen));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withReferences(inner, seen)]),
  );
}

/** A line of a page has its reference behind the thing, a line of a window before it. */
function referenceOf(thing: string, seen: string): string {
  const line = seen.split("\n").findLast((each) => each.includes(thing) && /@e\d+/.test(each));
  const [reference] = /@e\d+/.exec(line ?? "") ?? [];
  if (!reference) throw new Error(`no observation has a reference for ${thing}:\n${seen}`);
  return reference;
}
