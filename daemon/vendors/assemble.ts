import type { Exec } from "../exec/exec.ts";
import { vendorHandlers } from "../operations/vendors.ts";
import type { Turns } from "../turns.ts";
import { Editor } from "./anthropic/editor.ts";
import { Shells } from "./anthropic/shells.ts";
import { TextFiles } from "./anthropic/text-files.ts";
import { AnthropicTurns } from "./anthropic/turn.ts";
import type { DesktopTurnParts } from "./desktop-turn.ts";
import { OpenAiTurns } from "./openai/turn.ts";

export interface VendorsParts extends DesktopTurnParts {
  exec: Exec;
  turns: Turns;
}

/** The actions of models, as their vendors' APIs have them. */
export function assembleVendors({ exec, turns, ...desktop }: VendorsParts) {
  const shells = new Shells(exec);
  const editor = new Editor(new TextFiles(exec));
  const anthropic = new AnthropicTurns({ desktop, shells, editor, turns });
  return {
    handlers: vendorHandlers({ anthropic, openai: new OpenAiTurns({ desktop, turns }) }),
    /** To be called when a session is gone. */
    drop(session: string): void {
      shells.drop(session);
      editor.drop(session);
    },
    [Symbol.dispose]: () => shells[Symbol.dispose](),
  };
}
