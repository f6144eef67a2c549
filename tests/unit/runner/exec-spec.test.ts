import { describe, expect, test } from "bun:test";
import { parseExecSpec, parseSignal } from "../../../docker/workstation/runner/exec/spec.ts";

const parse = (spec: object) =>
  parseExecSpec({ cwd: "/tmp", ...spec }, { HOME: "/home/x", A: "1" });

describe("an exec's spec", () => {
  test("takes one word as a line of the login shell, several as a program", () => {
    expect(parse({ command: ["ls | wc"] }).argv).toEqual(["/bin/bash", "-lc", "ls | wc"]);
    expect(parse({ command: ["ls", "-l"] }).argv).toEqual(["ls", "-l"]);
  });

  test("adds its environment to the workstation's", () => {
    expect(parse({ command: ["x"], env: { A: "2" } }).env).toEqual({ HOME: "/home/x", A: "2" });
  });

  test("has a terminal only when asked, with that terminal's TERM", () => {
    expect(parse({ command: ["x"] }).tty).toBeNull();
    const spec = parse({ command: ["x"], tty: { columns: 90, rows: 20, term: "screen" } });
    expect(spec.tty).toEqual({ columns: 90, rows: 20 });
    expect(spec.env.TERM).toBe("screen");
  });

  test.each([
    [{}],
    [{ command: [] }],
    [{ command: "ls" }],
    [{ command: ["a\0"] }],
    [{ command: ["a"], timeoutMs: -1 }],
    [{ command: ["a"], env: { "A=B": "x" } }],
    [{ command: ["a"], cwd: 7 }],
    [{ command: ["a"], tty: { columns: 9e9, rows: 1 } }],
  ])("is refused when it is %j", (spec) => {
    expect(() => parse(spec)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("names a working directory that is not there", () => {
    const missing = () => parse({ command: ["a"], cwd: "/no/such/folder" });
    expect(missing).toThrow("/no/such/folder");
    expect(missing).toThrow(expect.objectContaining({ code: "action_failed" }));
  });
});

test("only signals of this system have names", () => {
  expect(parseSignal({ signal: "SIGWINCH" })).toBe("SIGWINCH");
  for (const bad of [{ signal: "SIGNOPE" }, { signal: "toString" }, {}, null]) {
    expect(() => parseSignal(bad)).toThrow("no signal");
  }
});
