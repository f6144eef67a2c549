import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chosenSession } from "../../../cli/session.ts";

let folder: string;
let deep: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexora-session-"));
  deep = join(folder, "a", "b");
  mkdirSync(deep, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function use(at: string, text: string): void {
  mkdirSync(join(at, ".nexora"));
  writeFileSync(join(at, ".nexora", "session"), text);
}

test("the flag comes before the environment, which comes before the file", () => {
  use(folder, "file\n");
  expect(chosenSession("flag", { NEXORA_SESSION: "env" }, deep)).toBe("flag");
  expect(chosenSession(undefined, { NEXORA_SESSION: "env" }, deep)).toBe("env");
  expect(chosenSession(undefined, {}, deep)).toBe("file");
});

test("the nearest file upward wins", () => {
  use(folder, "outer\n");
  use(join(folder, "a"), "inner\n");
  expect(chosenSession(undefined, {}, deep)).toBe("inner");
});

test("without any, the daemon chooses the only one", () => {
  expect(chosenSession(undefined, {}, deep)).toBe("@");
});

test("a name that cannot be one is an error that names its source", () => {
  use(folder, "../../etc\n");
  expect(() => chosenSession(undefined, {}, deep)).toThrow(join(folder, ".nexora", "session"));
  expect(() => chosenSession("a b", {}, deep)).toThrow("--session");
});
