import type { InputOf } from "../../../src/contract/operation.ts";
import type { ToolResult, vendorOperations } from "../../../src/contract/vendors.ts";
import type { Turns } from "../../turns.ts";
import { DesktopTurn, type DesktopTurnParts, type Outcome, type Sight } from "../desktop-turn.ts";
import { explained } from "../explain.ts";
import { type Call, callsOf, resultOf } from "./calls.ts";
import { readComputer } from "./computer.ts";
import type { Editor } from "./editor.ts";
import { maxPictureText, pictureLimits } from "./limits.ts";
import type { Shells } from "./shells.ts";

type Input = InputOf<(typeof vendorOperations)[0]>;

/** What the rest of a batch is answered with (Anthropic, "Computer use tool", Batch actions). */
const notExecuted = "Not executed: an earlier computer action in this turn failed.";
const tooLarge = "Not executed: the results of this turn are too large already.";
/** Characters of a turn's results over which no more is carried out: a request to the vendor has 32 MB. */
const maxResults = 24 * 1024 * 1024;

export interface AnthropicParts {
  desktop: DesktopTurnParts;
  shells: Shells;
  editor: Editor;
  turns: Turns;
}

/** Carries out what a Claude model has asked for in one message. */
export class AnthropicTurns {
  constructor(private readonly its: AnthropicParts) {}

  /** Throws `usage` for what is the caller's mistake, and not the model's. */
  async run(
    session: string,
    input: Input,
    signal: AbortSignal,
  ): Promise<{ content: ToolResult[]; left: string[] }> {
    const { calls, left } = callsOf(input.content);
    const sight = { limits: pictureLimits, maxText: maxPictureText, declared: input.display };
    using desktop = calls.some(({ tool }) => tool === "computer")
      ? await this.begin(session, sight, signal)
      : null;
    return { content: await this.answer(session, calls, input, desktop, signal), left };
  }

  private begin(session: string, sight: Sight, signal: AbortSignal): Promise<DesktopTurn> {
    return DesktopTurn.begin(this.its.desktop, session, sight, signal);
  }

  private async answer(
    session: string,
    calls: readonly Call[],
    input: Input,
    desktop: DesktopTurn | null,
    signal: AbortSignal,
  ): Promise<ToolResult[]> {
    const results: ToolResult[] = [];
    let room = maxResults;
    const add = (result: ToolResult) => {
      results.push(result);
      room -= lengthOf(result);
    };
    let halted = false;
    let last: { call: Call; outcome: Outcome; at: number } | null = null;
    const answer = async (call: Call) => {
      if (halted || room < 0) return add(resultOf(call, halted ? notExecuted : tooLarge, true));
      try {
        if (!desktop || !isDesktop(call)) {
          return add(await this.inside(session, call, input, signal));
        }
        const outcome = await desktop.run(readComputer(call.action, call.input));
        last = { call, outcome, at: results.length };
        add(resultOf(call, contentOf(outcome)));
      } catch (thrown) {
        add(resultOf(call, `Error: ${explained(thrown, signal)}`, true));
        halted = isDesktop(call);
      }
    };
    const show = async () => {
      if (!input.picture || halted || room < 0 || !last || !desktop?.unseen) return;
      const seen = await desktop.look().catch(() => null);
      signal.throwIfAborted();
      const content = [...contentOf(last.outcome), ...(seen ? contentOf({ picture: seen }) : [])];
      results[last.at] = resultOf(last.call, content);
    };
    const parts = together(calls);
    for (const [at, part] of parts.entries()) {
      const work = async () => {
        for (const call of part) await answer(call);
        if (at === parts.length - 1) await show();
      };
      const holds = part.some(isDesktop) && !halted && room >= 0;
      await (holds ? this.its.turns.hold(session, work, signal) : work());
    }
    return results;
  }

  /** A command, or an edit. */
  private async inside(
    session: string,
    call: Call,
    { conversation, bashTimeoutMs, maxCharacters }: Input,
    signal: AbortSignal,
  ): Promise<ToolResult> {
    const { shells, editor } = this.its;
    const place = { session, conversation };
    if (call.tool === "editor") {
      const text = await editor.run(place, call.action, call.input, maxCharacters, signal);
      return resultOf(call, text);
    }
    const { text, failed } = await shells.run(place, call.input, bashTimeoutMs, signal);
    return resultOf(call, text, failed);
  }
}

/** Whether a call needs the desktop: commands and edits hold up nobody's keys. */
function isDesktop({ tool }: Call): boolean {
  return tool === "computer";
}

/** Calls in their order, in parts: those that need the desktop, and those that do not. */
function together(calls: readonly Call[]): Call[][] {
  const parts: Call[][] = [];
  for (const call of calls) {
    const part = parts.at(-1);
    if (part?.some(isDesktop) === isDesktop(call)) part.push(call);
    else parts.push([call]);
  }
  return parts;
}

/** Characters of the texts and pictures in a result. */
function lengthOf({ content }: ToolResult): number {
  if (typeof content === "string") return content.length;
  const lengths = content.map((it) => (it.type === "text" ? it.text : it.source.data).length);
  return lengths.reduce((sum, length) => sum + length, 0);
}

function contentOf(outcome: Outcome): Exclude<ToolResult["content"], string> {
  if ("text" in outcome) return [{ type: "text", text: outcome.text }];
  const { mediaType, base64 } = outcome.picture;
  return [{ type: "image", source: { type: "base64", media_type: mediaType, data: base64 } }];
}
