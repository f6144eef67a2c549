import { NexoraError } from "../contract/errors.ts";
import { readDuration } from "../duration.ts";

/** What a condition's word sets of a wait (src/contract/wait.ts). */
const fields: Record<string, (value: string) => Record<string, unknown>> = {
  prompt: () => ({ prompt: true }),
  input: () => ({ input: true }),
  change: () => ({ change: true }),
  text: (value) => ({ text: [value] }),
  gone: (value) => ({ gone: [value] }),
  title: (value) => ({ title: [value] }),
  stable: (value) => ({ stableMs: readDuration(value || "300ms") }),
};

/** What a model is told of conditions. */
export const conditionWords =
  "prompt (the shell's command has ended), input (the program asks for something), text=REGEX, gone=REGEX, title=REGEX, stable=300ms, change";

/** Reads `prompt` or `text=done`, as `--wait` of the command line takes it. Throws `usage`. */
export function conditionOf(word: string, timeoutMs?: unknown): Record<string, unknown> {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!read) {
    throw new NexoraError("usage", `${JSON.stringify(word)} is not a condition`, {
      hint: `it is one of ${conditionWords}`,
    });
  }
  return {
    ...read(equals < 0 ? "" : word.slice(equals + 1)),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}
