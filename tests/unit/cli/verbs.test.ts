import { describe, expect, test } from "bun:test";
import { usage, verbHelp } from "../../../cli/help.ts";
import { topics } from "../../../cli/topics.ts";
import type { Verb } from "../../../cli/verb.ts";
import { globalFlagsOf, verbs } from "../../../cli/verbs.ts";
import { operations } from "../../../src/contract/index.ts";
import type { Operation } from "../../../src/contract/operation.ts";

function verb(id: string): Verb {
  const found = verbs.named(id.split("."));
  if (!found) throw new Error(`no verb ${id}`);
  return found;
}

describe("the table of verbs", () => {
  test("has every operation that has a verb", () => {
    const ids = verbs.all().map(({ id }) => id);
    const all: readonly Operation[] = operations;
    for (const { id, verb: words } of all) expect(ids.includes(id)).toBe(words !== null);
  });

  test("names each verb once", () => {
    const names = verbs.all().map(({ words }) => words.join(" "));
    expect(new Set(names).size).toBe(names.length);
  });

  test("gives each flag of a verb a name and letter of its own", () => {
    for (const { id, flags } of verbs.all()) {
      const all = [...flags, ...globalFlagsOf({ flags })];
      const names = all.map(({ name }) => name);
      const letters = all.flatMap(({ short }) => short ?? []);
      expect({ id, twice: names.filter((name, at) => names.indexOf(name) < at) }).toEqual({
        id,
        twice: [],
      });
      expect({ id, twice: letters.filter((l, at) => letters.indexOf(l) < at) }).toEqual({
        id,
        twice: [],
      });
    }
  });

  test("reads kinds, choices, ranges and repeats off the schemas", () => {
    const flag = (id: string, name: string) => verb(id).flags.find((each) => each.name === name);
    expect(flag("session.new", "memory")).toMatchObject({ kind: "bytes", value: "SIZE" });
    expect(flag("session.new", "workspace")).toMatchObject({ kind: "path", short: "w" });
    expect(flag("session.new", "network")).toMatchObject({ choices: ["full", "none"] });
    expect(flag("screen", "quality")).toMatchObject({ kind: "integer", range: [1, 100] });
    expect(flag("wait", "text")).toMatchObject({ kind: "text", repeatable: true });
    expect(flag("type", "then-screen")).toMatchObject({ kind: "boolean", field: "thenScreen" });
    expect(flag("type", "wait")).toMatchObject({ kind: "condition", repeatable: true });
    expect(flag("key", "scale")).toMatchObject({ into: "thenScreen", field: "scale" });
    expect(flag("screen", "output")).toMatchObject({ local: true, short: "o" });
  });

  test("every description is there", () => {
    for (const { id, flags } of verbs.all()) {
      const bare = flags.filter(({ description }) => !description).map(({ name }) => name);
      expect({ id, bare }).toEqual({ id, bare: [] });
    }
  });
});

describe("help", () => {
  test.each([
    ["session.new", "session new [NAME] [FLAG…]"],
    ["session.rename", "session rename SESSION NAME"],
    ["exec", "exec [FLAG…] [--] CMD…"],
    ["type", "type TEXT [FLAG…]"],
  ])("of %s shows %s", (id, expected) => {
    expect(usage(verb(id))).toBe(expected);
    expect(verbHelp(verb(id))).toContain(`Usage: nexora ${expected}`);
  });

  test("speaks of nothing that only the HTTP API has", () => {
    const itsWords =
      /\b(headers?|query|body|HTTP|JSON (body|object|reply)|NDJSON|frames?|status codes?|media types?|true|null)\b|`\w*[A-Z]\w*`|docs\/http/;
    const flags = globalFlagsOf({ flags: [] }).map(({ description }) => description);
    // A provider is asked over HTTP, whoever says so.
    const others = verbs.all().filter(({ id }) => id !== "gateway.provider.add");
    for (const each of others) {
      const text = verbHelp(each)
        .split("\n")
        .filter((line) => !flags.some((it) => line.endsWith(it ?? "")));
      const wrong = text.filter((line) => itsWords.test(line));
      expect({ id: each.id, wrong }).toEqual({ id: each.id, wrong: [] });
    }
  });

  test("says the choices of a flag once", () => {
    expect(verbHelp(verb("token.new"))).toMatch(
      /--scope read\|act\|admin\|models +[^(]*\(default read\)$/m,
    );
    expect(verbHelp(verb("completion"))).toContain("(bash, zsh, fish)");
  });

  test("has the topics that it promises", () => {
    expect(Object.keys(topics)).toEqual([
      "agent",
      "sessions",
      "input",
      "screen",
      "exec",
      "tokens",
      "environment",
      "exit-codes",
    ]);
  });
});
