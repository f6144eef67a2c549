import { expect, test } from "bun:test";
import { buildFailed, failureOf } from "../../../../../../daemon/drivers/docker/images/failure.ts";
import { messages } from "../../../../../../daemon/drivers/docker/images/ndjson.ts";

test("a failed build carries the last lines of its log", () => {
  const error = buildFailed("build it", "returned a non-zero code: 2", ["make: *** [all] Error 1"]);
  expect(error.code).toBe("engine_failed");
  expect(error.message).toContain("cannot build it: returned a non-zero code: 2");
  expect(error.message).toContain("make: *** [all] Error 1");
});

test("a full disk is told apart, also when only the log names it", () => {
  const inLog = buildFailed("build it", "non-zero code: 100", ["E: No space left on device"]);
  const inReason = buildFailed("build it", "write /x: no space left on device", []);
  expect([inLog.code, inReason.code]).toEqual(["disk_full", "disk_full"]);
});

test("a mirror that cannot be reached is named as what to change", () => {
  const log = ["E: Temporary failure resolving 'mirror.example'"];
  expect(buildFailed("build it", "non-zero code: 100", log).hint).toContain("--mirror");
});

test("progress is no failure, and a failure without words is one", () => {
  expect(failureOf({ stream: "Step 1/2 : FROM x" })).toBeUndefined();
  expect(failureOf({ error: "a", errorDetail: { message: "b" } })).toBe("b");
  expect(failureOf({ error: "" })).toBe("no reason given");
});

test("an engine's messages are read wherever the stream is cut, also within a character", async () => {
  const bytes = new TextEncoder().encode('{"stream":"ä"}\r\n{"error":"ö"}');
  async function* cut() {
    for (const byte of bytes) yield Uint8Array.of(byte);
  }
  expect(await Array.fromAsync(messages(cut()))).toEqual([{ stream: "ä" }, { error: "ö" }]);
});

test("what is no message of an engine's is an error that says what to check", async () => {
  for (const text of ["<html>\n", "7\n", "x".repeat(5_000_000)]) {
    async function* one() {
      yield text;
    }
    await expect(Array.fromAsync(messages(one()))).rejects.toMatchObject({
      code: "engine_failed",
      hint: expect.stringContaining("DOCKER_HOST"),
    });
  }
});
