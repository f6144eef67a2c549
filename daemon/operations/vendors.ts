import type { vendorOperations } from "../../src/contract/vendors.ts";
import { anthropicTools } from "../vendors/anthropic/tools.ts";
import type { AnthropicTurns } from "../vendors/anthropic/turn.ts";
import { openaiTools } from "../vendors/openai/tools.ts";
import type { OpenAiTurns } from "../vendors/openai/turn.ts";
import type { HandlersOf } from "./handler.ts";

export interface VendorParts {
  anthropic: AnthropicTurns;
  openai: OpenAiTurns;
}

export function vendorHandlers({
  anthropic,
  openai,
}: VendorParts): HandlersOf<typeof vendorOperations> {
  return {
    "anthropic.run": {
      reply: (input, { session, signal }) => anthropic.run(session.row.id, input, signal),
    },
    "anthropic.tools": {
      reply: ({ version }, { session }) => anthropicTools(version, session.row),
    },
    "openai.run": {
      reply: (input, { session, signal }) => openai.run(session.row.id, input, signal),
    },
    "openai.tools": {
      reply: ({ preview }, { session }) => openaiTools(preview, session.row),
    },
  };
}
