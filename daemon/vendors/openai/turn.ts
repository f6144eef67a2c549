import type { InputOf } from "../../../src/contract/operation.ts";
import type { OpenAiInput, vendorOperations } from "../../../src/contract/vendors.ts";
import type { Turns } from "../../turns.ts";
import { DesktopTurn, type DesktopTurnParts } from "../desktop-turn.ts";
import { explained } from "../explain.ts";
import { pictureLimits, readOpenAiAction } from "./actions.ts";
import { type ComputerCall, callsOf, checkAgreed } from "./calls.ts";

type Input = InputOf<(typeof vendorOperations)[2]>;

/** Pictures may have 50 MB in a request, all together; a desktop's has far less. */
const maxText = 20 * 1024 * 1024;

/** Carries out what a model has asked of OpenAI's computer in one response. */
export class OpenAiTurns {
  constructor(private readonly its: { desktop: DesktopTurnParts; turns: Pick<Turns, "hold"> }) {}

  /** Throws `usage` for what is the caller's mistake, and `conflict` for an open safety check. */
  async run(
    session: string,
    { output, display, acknowledged }: Input,
    signal: AbortSignal,
  ): Promise<{ input: OpenAiInput[]; left: string[] }> {
    const { calls, left } = callsOf(output);
    checkAgreed(calls, acknowledged);
    if (calls.length === 0) return { input: [], left };
    const work = async () => {
      const maxEach = Math.floor(maxText / calls.length);
      const sight = { limits: pictureLimits, declared: display, maxText: maxEach };
      using desktop = await DesktopTurn.begin(this.its.desktop, session, sight, signal);
      const outputs: OpenAiInput[] = [];
      const failures: OpenAiInput[] = [];
      for (const call of calls) {
        const why = failures.length > 0 ? "an earlier call has failed" : null;
        const failure = why
          ? `No action of ${call.id} was carried out: ${why}.`
          : await carryOut(desktop, call, signal);
        if (failure !== null) failures.push(note(failure));
        outputs.push(await seen(desktop, call));
      }
      return [...outputs, ...failures];
    };
    return { input: await this.its.turns.hold(session, work, signal), left };
  }
}

/** Why one of the actions failed; null: all are done. Unless all can be read, none is. */
async function carryOut(
  desktop: DesktopTurn,
  { id, actions }: ComputerCall,
  signal: AbortSignal,
): Promise<string | null> {
  let at = 0;
  let done = 0;
  try {
    const read = actions.map((action, index) => {
      at = index;
      return readOpenAiAction(action);
    });
    for (const [index, action] of read.entries()) {
      at = index;
      // What the call ends with shows no less.
      if (action.do !== "screenshot") await desktop.run(action);
      done++;
    }
    return null;
  } catch (thrown) {
    const why = explained(thrown, signal);
    return `Action ${at + 1} of ${actions.length} in ${id} failed: ${why}. Actions carried out before it: ${done}; after it: none.`;
  }
}

async function seen(desktop: DesktopTurn, { id, checks }: ComputerCall): Promise<OpenAiInput> {
  const { mediaType, base64 } = await desktop.look();
  return {
    type: "computer_call_output",
    call_id: id,
    output: { type: "computer_screenshot", image_url: `data:${mediaType};base64,${base64}` },
    ...(checks.length > 0 ? { acknowledged_safety_checks: checks } : {}),
  };
}

function note(text: string): OpenAiInput {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}
