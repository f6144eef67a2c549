import { encode } from "gpt-tokenizer/encoding/o200k_base";

/** Tokens of a text by o200k_base, for either side alike: vendors do not publish all of theirs. */
export function textTokens(text: string): number {
  return encode(text).length;
}

/** Longest edge of a picture, in pixels, and most of its tokens, before it is scaled down. */
const largest = { edge: 2576, tokens: 4784 };

/**
 * Tokens of a picture for Claude: one for each square of 28 pixels that is begun. Source: Anthropic, "Vision",
 * "Evaluate image size" (read in November 2026). Throws for pictures that would be scaled down first.
 */
export function pictureTokens(width: number, height: number): number {
  const tokens = Math.ceil(width / 28) * Math.ceil(height / 28);
  if (Math.max(width, height) > largest.edge || tokens > largest.tokens) {
    throw new RangeError(`a picture of ${width}x${height} is scaled down before it is read`);
  }
  return tokens;
}

/**
 * What the definitions of Anthropic's tools add to a request, by its documents ("Tool use", "Pricing"). The
 * 466 to 499 tokens that computer use adds to the system prompt besides are left out, and so is the editor's tool (700).
 */
export const anthropicTools = { computer: 735, bash: 245 };

/** One step of a conversation: what the model has written, and what it was shown for it. */
export interface Turn {
  /** Name and arguments of the tool. */
  called: number;
  /** What came back. */
  shown: number;
}

/** Tokens of a conversation, the tools' definitions not counted. */
export function produced(turns: readonly Turn[]): number {
  return turns.reduce((sum, { called, shown }) => sum + called + shown, 0);
}

/**
 * Tokens that a model reads and writes in a whole conversation when each turn sends all that came before
 * again, as the APIs have it: the definitions in each, and what was said once more with every later turn.
 */
export function sumOverTurns(definitions: number, turns: readonly Turn[]): number {
  let context = definitions;
  let sum = 0;
  for (const { called, shown } of turns) {
    sum += context + called;
    context += called + shown;
  }
  // The last observation is read as well, for the answer.
  return sum + context;
}
