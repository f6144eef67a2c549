import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DrizzleQueryError } from "drizzle-orm/errors";
import { isOutdated, loadConfig } from "../../../daemon/config.ts";
import { redact } from "../../../daemon/log.ts";

const folder = mkdtempSync(join(tmpdir(), "nexora-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (text: string) => {
  const path = join(folder, "config.json");
  writeFileSync(path, text);
  return path;
};

test("without a file everything has its default", () => {
  const config = loadConfig(join(folder, "missing.json"));
  expect(config.ports).toEqual({ vnc: [5900, 5999], cdp: [9222, 9321] });
  expect(config.sessions.idleMs).toBe(8 * 3600 * 1000);
});

test("a file changes what it names and nothing else", () => {
  const config = loadConfig(written('{"sessions":{"cpus":4},"ports":{"vnc":[6000,6009]}}'));
  expect(config.sessions).toMatchObject({ cpus: 4, pids: 1024 });
  expect(config.ports).toEqual({ vnc: [6000, 6009], cdp: [9222, 9321] });
});

test.each([
  ["is not JSON", "{", "not valid JSON"],
  ["has an unknown field", '{"sesions":{}}', "sesions"],
  ["has a value out of range", '{"sessions":{"cpus":0}}', "sessions.cpus"],
  ["has a range upside down", '{"ports":{"vnc":[6009,6000]}}', "ports.vnc"],
])("a file that %s is refused by name", (_, text, words) => {
  const path = written(text);
  expect(() => loadConfig(path)).toThrow(words);
  expect(() => loadConfig(path)).toThrow(path);
});

test("what is in force is out of date when the file says something else, or nothing that can be used", () => {
  const path = written('{"sessions":{"cpus":4}}');
  const config = loadConfig(path);
  expect(isOutdated(config, path)).toBe(false);
  expect(isOutdated(config, written('{ "sessions": { "cpus": 4, "pids": 1024 } }'))).toBe(false);
  expect(isOutdated(config, written('{"sessions":{"cpus":2}}'))).toBe(true);
  expect(isOutdated(config, written("{"))).toBe(true);
});

test("what is named like a secret never reaches the log", () => {
  const fields = redact({
    token: "a",
    nested: { vncPassword: "b", name: "c" },
    error: new Error("d"),
  });
  expect(fields).toMatchObject({
    token: "[redacted]",
    nested: { vncPassword: "[redacted]", name: "c" },
  });
  expect(fields.error).toMatchObject({ message: "d" });
});

test("an error in the log says why and where, without the text of a query or its values", () => {
  const cause = Object.assign(new Error("no such relation"), { code: "42P01" });
  const error = new DrizzleQueryError("select name from places", ["home"], cause);
  const fields = redact({ error });
  expect(fields.error).toMatchObject({
    message: "a query failed",
    cause: { message: "no such relation", code: "42P01" },
  });
  expect(JSON.stringify(fields)).not.toMatch(/select|\bhome\b/);
});
