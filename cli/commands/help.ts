import { nearest } from "../../src/nearest.ts";
import type { Command } from "../context.ts";
import { groupHelp, overview, verbHelp } from "../help.ts";
import { topics } from "../topics.ts";
import { unknownVerb } from "../unknown-verb.ts";
import { usageError } from "../usage.ts";
import { verbs } from "../verbs.ts";

/** Help on everything, on a verb, on the verbs of a noun, or on a topic. */
export const command: Command = async ({ invocation, output }) => {
  const words = (invocation.input.topic ?? []) as string[];
  const text = helpFor(words);
  await output.result({ text }, (it) => it.text);
};

function helpFor(words: string[]): string {
  if (words.length === 0) return overview(verbs.shown());
  const name = words.join(" ");
  const verb = verbs.named(words);
  const topic = Object.hasOwn(topics, name) ? topics[name] : undefined;
  if (verb) return verbHelp(verb);
  if (topic) return topic;
  if (verbs.isGroup(words)) return groupHelp(verbs.members(words), words);
  const [near] = nearest(name, Object.keys(topics), 1);
  if (near)
    throw usageError(
      `there is no help topic ${JSON.stringify(name)}`,
      `did you mean \`nexora help ${near}\`?`,
    );
  throw unknownVerb(verbs, words);
}
