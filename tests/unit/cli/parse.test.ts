import { describe, expect, test } from "bun:test";
import { type Invocation, invocationOf, readWords } from "../../../cli/parse.ts";
import { verbs } from "../../../cli/verbs.ts";

function parse(...argv: string[]): Invocation {
  const words = readWords(verbs, argv);
  if (words.verb === null) throw new Error(`no verb in ${argv.join(" ")}`);
  return invocationOf(words.verb, words);
}

describe("flags", () => {
  test("of the verb stand anywhere behind it, those of every verb anywhere", () => {
    const { input, globals } = parse(
      ...["-q", "session", "--json", "new", "--size", "800x600", "web", "--cpus=1.5"],
    );
    expect(input).toEqual({ name: "web", size: { width: 800, height: 600 }, cpus: 1.5 });
    expect(globals).toEqual({ quiet: true, json: true });
  });

  test("after -- are arguments", () => {
    expect(parse("type", "--", "--enter").input).toEqual({ text: "--enter" });
  });

  test("a lone dash is an argument", () => {
    expect(parse("type", "-", "--enter").input).toEqual({ text: "-", enter: true });
  });

  test("--no-FLAG and --FLAG=false turn a boolean off", () => {
    expect(parse("type", "x", "--no-enter").input.enter).toBe(false);
    expect(parse("type", "x", "--enter=false").input.enter).toBe(false);
  });

  test("short ones cluster, and the last may have its value attached", () => {
    const { local, globals } = parse("type", "-lqsweb", "x");
    expect(local).toEqual({ literal: true });
    expect(globals).toEqual({ quiet: true, session: "web" });
  });

  test("--env is repeatable and keeps what is after the first =", () => {
    expect(parse("exec", "--env", "A=1", "--env=B=x=y", "true").input.env).toEqual({
      A: "1",
      B: "x=y",
    });
  });

  test("lists are repeatable", () => {
    expect(parse("wait", "--text", "a", "--text", "b").input.text).toEqual(["a", "b"]);
  });

  test.each([
    [["type", "--entr", "x"], "unknown flag --entr", "did you mean --enter?"],
    [["session", "new", "--size"], "--size needs a value", "for example --size WxH"],
    [["--frob"], "unknown flag --frob", "put -- before"],
    [["type", "x", "--no-wait"], "unknown flag --no-wait", ""],
  ])("%j is an error that helps", (argv, message, hint) => {
    expect(() => parse(...argv)).toThrow(message);
    expect(() => parse(...argv)).toThrow(
      expect.objectContaining({ code: "usage", hint: expect.stringContaining(hint) }),
    );
  });

  test("that are habits elsewhere are taken: docker's of exec, the name of what is new", () => {
    const exec = parse("exec", "-e", "A=1", "-eB=2", "-w", "/tmp", "-it", "sh");
    expect(exec.input).toEqual({
      env: { A: "1", B: "2" },
      cwd: "/tmp",
      tty: true,
      command: ["sh"],
    });
    expect(exec.local).toEqual({ interactive: true });
    for (const words of [["--name", "web"], ["-n", "web"], ["web"], ["web", "--name=web"]]) {
      expect(parse("session", "new", ...words).input).toEqual({ name: "web" });
    }
    expect(parse("token", "new", "--name", "ci").input).toEqual({ name: "ci" });
  });

  test("and an argument that say two things are an error", () => {
    expect(() => parse("session", "new", "web", "--name", "api")).toThrow(
      'session new: two values for NAME: "web" and "api"',
    );
  });

  test("given twice is an error", () => {
    expect(() => parse("exec", "--cwd", "/a", "--cwd", "/b", "ls")).toThrow("only once");
  });
});

describe("exec", () => {
  test("leaves the flags behind the first word to the command", () => {
    const { input, globals } = parse("exec", "-t", "ls", "--json", "-la");
    expect(input).toEqual({ tty: true, command: ["ls", "--json", "-la"] });
    expect(globals).toEqual({});
  });

  test("takes -- before the command, and a second one as the command's", () => {
    expect(parse("exec", "--", "git", "--", "x").input.command).toEqual(["git", "--", "x"]);
  });
});

describe("arguments", () => {
  test("of too small a number name what is missing", () => {
    expect(() => parse("type")).toThrow("type needs TEXT");
    expect(() => parse("session", "rename", "web")).toThrow("session rename needs NAME");
  });

  test("of too great a number name the first that is too many", () => {
    expect(() => parse("type", "hello", "world")).toThrow('unexpected argument "world"');
  });

  test("key and session rm take many", () => {
    expect(parse("key", "Escape", ":", "w").input.keys).toEqual(["Escape", ":", "w"]);
    expect(parse("session", "rm", "a", "b").input.session).toEqual(["a", "b"]);
  });

  test("session rm needs names or --all", () => {
    expect(() => parse("session", "rm")).toThrow("needs SESSION");
    expect(parse("session", "rm", "--all").local).toEqual({ all: true });
    expect(parse("session", "rm", "-f").local).toEqual({ force: true });
  });

  test("are one of their choices", () => {
    expect(() => parse("completion", "tcsh")).toThrow('invalid value "tcsh" for SHELL');
  });
});

test("an unknown verb is not taken for an argument", () => {
  expect(readWords(verbs, ["session.new"]).verb).toBeNull();
  expect(readWords(verbs, ["sesion", "new"])).toMatchObject({ verb: null, unknown: ["sesion"] });
});
