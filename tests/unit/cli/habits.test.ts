import { expect, test } from "bun:test";
import { allHabits, verbHabits } from "../../../cli/habits.ts";
import { invocationOf, readWords } from "../../../cli/parse.ts";
import { unknownVerb } from "../../../cli/unknown-verb.ts";
import type { Verb } from "../../../cli/verb.ts";
import { globalFlags, verbs } from "../../../cli/verbs.ts";

/** What is said of a flag that is refused. */
function hintOf(line: string): string {
  try {
    readWords(verbs, line.split(" "));
  } catch (error) {
    return String((error as { hint?: string }).hint);
  }
  throw new Error(`nexora ${line} is not refused`);
}

test.each([
  ["exec -d true", "--detach"],
  ["exec -itd sh", "--detach"],
  ["exec --workdir /tmp true", "--cwd"],
  ["exec --workdir=/tmp true", "--cwd"],
  ["exec --rm true", "leave it out"],
  ["exec --timout 3s true", "--timeout"],
  ["exec -u root true", "one user"],
  ["session new --rm", "session rm"],
  ["session new -v /a:/b", "--workspace"],
  ["session new -it", "session attach"],
  ["session new -m 2g", "--memory"],
  ["session new --mem 2g", "--memory"],
  ["session new --cpu 2", "--cpus"],
  ["session new -p 80:80", "not published"],
  ["session new --geometry 800x600", "--size"],
  ["session new --detach", "leave it out"],
  ["session ls -a", "all are listed"],
  ["session ls -o json", "--json"],
  ["session rm -a", "--all"],
  ["screen -n dev", "-s NAME"],
  ["screen -t dev", "-s NAME"],
  ["screen --file a.png", "-o FILE"],
  ["session logs --lines 5", "--tail"],
  ["session logs --folow", "--follow"],
  ["events -n 5", "--limit"],
  ["token new ci --ttl 8h", "--expires"],
  ["daemon run -d", "daemon start"],
  ["daemon start --port 1", "daemon run"],
  ["type x --submit", "--enter"],
  ["key x -n 3", "--repeat"],
  ["wait --regex x", "--text"],
  ["cp -a a b", "leave it out"],
  ["--size 1x1 session new", "after the verb"],
  ["--verson", "--version"],
  ["-V", "--version"],
])("nexora %s: the hint has %s", (line, expected) => {
  expect(hintOf(line)).toContain(expected);
});

test.each([
  ["ps", "session ls"],
  ["run dev", "exec"],
  ["screenshot", "screen"],
  ["send-keys x", "type"],
  ["rm dev", "session rm"],
  ["scren", "screen"],
])("nexora %s: did you mean `nexora %s`?", (line, expected) => {
  const { unknown } = readWords(verbs, line.split(" "));
  expect(unknownVerb(verbs, unknown).hint).toBe(`did you mean \`nexora ${expected}\`?`);
});

test.each([
  ["session new -s web", "--name NAME"],
  ["events -s dev", "--only"],
  ["events --session dev", "--only"],
])("nexora %s: that flag of every verb has no meaning there", (line, expected) => {
  const words = readWords(verbs, line.split(" "));
  expect(() => words.verb && invocationOf(words.verb, words)).toThrow(
    expect.objectContaining({ code: "usage", hint: expect.stringContaining(expected) }),
  );
});

test("a verb that is meant exists, and one that exists is nobody's mistake", () => {
  const names = verbs.all().map(({ words }) => words.join(" "));
  expect(Object.values(verbHabits).filter((name) => !names.includes(name))).toEqual([]);
  const typed = Object.keys(verbHabits).flatMap((words) => words.split(" "));
  expect(typed.filter((word) => names.includes(word))).toEqual([]);
});

test("a flag that is refused is advised against by name, and what is advised exists", () => {
  for (const { verb: id, flags, advice } of allHabits()) {
    const verb = verbs.named(id.split("."));
    if (id !== "*") expect({ id, found: verb !== null }).toEqual({ id, found: true });
    const named = [...advice.replaceAll(/`[^`]*`/g, "").matchAll(/(?<![\w-])--?[a-z][a-z-]*/g)];
    const known = new Set([...(verb?.flags ?? []), ...globalFlags].flatMap(spellings));
    for (const [name] of named)
      expect({ id, name, known: known.has(name) }).toMatchObject({ known: true });
    // What a verb has is not refused: then the advice would never be read.
    const own = new Set(verb?.flags.flatMap(spellings));
    expect({ id, taken: flags.filter((flag) => own.has(flag)) }).toEqual({ id, taken: [] });
  }
});

function spellings({ name, short }: Verb["flags"][number]): string[] {
  return [`--${name}`, ...(short ? [`-${short}`] : [])];
}
