import { NexoraError } from "../src/contract/errors.ts";
import type { Context } from "./context.ts";
import { isTerminal } from "./is-terminal.ts";
import { usageError } from "./usage.ts";

/** Longest secret that is read, in bytes. */
const maxBytes = 64 * 1024;

/**
 * A secret from standard input, without the newline at its end, or from a prompt that does not show it.
 * `again` asks twice, where nobody could tell later what was typed. Throws `usage`, `interrupted`.
 */
export async function readSecret(
  { streams }: Context,
  { message, again }: { message: string; again?: string },
): Promise<string> {
  if (!isTerminal(0)) return fromPipe(message);
  if (!streams.stderr.isTerminal) {
    throw usageError("there is no terminal to ask on", "give it on standard input");
  }
  const secret = await ask(message);
  if (again !== undefined && (await ask(again)) !== secret) {
    throw usageError("the two are not the same", "try again");
  }
  return secret;
}

async function ask(message: string): Promise<string> {
  const { isCancel, password } = await import("@clack/prompts");
  const answer = await password({ message, output: process.stderr });
  if (isCancel(answer)) throw new NexoraError("interrupted", "nothing was done");
  return answer;
}

async function fromPipe(message: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of Bun.stdin.stream()) {
    length += chunk.length;
    if (length > maxBytes) throw usageError(`standard input is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
  if (text !== "") return text;
  throw usageError(`standard input is empty: ${message} is read from it`);
}
