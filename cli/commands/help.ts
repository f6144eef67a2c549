import { nearest } from "../../src/nearest.ts";
import type { Command } from "../context.ts";
import { groupHelp, overview, verbHelp } from "../help.ts";
import { isGroup } from "../parse.ts";
import { topics } from "../topics.ts";
import { unknownVerb } from "../unknown-verb.ts";
import { usageError } from "../usage.ts";
import { shownVerbs, verbs } from "../verbs.ts";

/** Help on everything, on a verb, on the verbs of a noun, or on a topic. */
export const command: Command = async ({ invocation, output }) => {
  const words = (invocation.input.topic ?? []) as string[];
  const text = helpFor(words);
  await output.result({ text }, (it) => it.text);
};

function helpFor(words: string[]): string {
  if (words.length === 0) return overview(shownVerbs);
  const name = words.join(" ");
  const verb = verbs.find((each) => each.words.join(" ") === name);
  const topic = Object.hasOwn(topics, name) ? topics[name] : undefined;
  if (verb) return verbHelp(verb);
  if (topic) return topic;
  if (isGroup(verbs, words)) return groupHelp(verbs, words);
  const [near] = nearest(name, Object.keys(topics), 1);
  if (near)
    throw usageError(
      `there is no help topic ${JSON.stringify(name)}`,
      `did you mean \`nexora help ${near}\`?`,
    );
  throw unknownVerb(verbs, words);
}
