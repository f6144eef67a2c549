import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";
import { noWords, readWords } from "../../cli/parse.ts";
import { topics } from "../../cli/topics.ts";
import { verbs } from "../../cli/verbs.ts";

const root = join(import.meta.dir, "../..");
const places = ["src/**/*.ts", "cli/**/*.ts", "daemon/**/*.ts", "docker/**/*.ts", "docs/*.md"];
const files = [...places, "README.md"]
  .flatMap((pattern) => [...new Glob(pattern).scanSync({ cwd: root })])
  .filter((name) => !name.endsWith(".test.ts"));

/** What stands in back quotes after `nexora`: in text, and with the quotes escaped in a template. */
const quoted = /\\?`nexora ((?:[^`\\$]|\$\{[^}]*\})+)\\?`/g;

interface Advice {
  file: string;
  words: string;
}

const advice: Advice[] = files.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(quoted)].map(([, words = ""]) => ({
    file,
    words: words.replaceAll(/\$\{[^}]*\}/g, "X").replaceAll(/\s*\n[\s*/]*/g, " "),
  })),
);

/** What is wrong with a command line that somebody is told to write; null: nothing. */
function complaint({ words }: Advice): string | null {
  const argv = words.split(/\s+/).filter((word) => !/^(…|\[.*|.*…)$/.test(word));
  const said = argv.join(" ");
  // A verb that is only known when the message is made, or that stands for any.
  if (/^(X|VERB|help TOPIC|\|)(\W|$)/.test(said) || said === "") return null;
  if (argv[0] === "help" && Object.hasOwn(topics, argv[1] ?? "")) return null;
  const read = noWords();
  try {
    readWords(verbs, argv, read);
  } catch (error) {
    const { message } = error as Error;
    // A placeholder is no value; that there is such a flag is what counts.
    if (!/invalid value|needs a value|is not a condition/.test(message)) return message;
  }
  return read.verb !== null || verbs.isGroup(argv) ? null : `there is no verb ${said}`;
}

test("there is advice to check", () => {
  expect(advice.length).toBeGreaterThan(50);
});

test("every command line in a message, a hint or a document exists, with its flags", () => {
  const wrong = advice.flatMap((each) => {
    const why = complaint(each);
    return why === null ? [] : [`${each.file}: nexora ${each.words}: ${why}`];
  });
  expect(wrong).toEqual([]);
});
