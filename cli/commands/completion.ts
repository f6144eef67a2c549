import { bashCompletion } from "../completion/bash.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";
import type { Command } from "../context.ts";
import { verbs } from "../verbs.ts";

const scripts: Record<string, typeof bashCompletion> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the completion script of a shell, made from the table of verbs. */
export const command: Command = async ({ invocation, output }) => {
  const script = scripts[String(invocation.input.shell)]?.(verbs.shown()) ?? "";
  await output.result({ script }, (it) => it.script);
};
