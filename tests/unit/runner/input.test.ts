import { expect, test } from "bun:test";
import { parseInput } from "../../../docker/workstation/runner/http/input.ts";

const request = (body: string) => new Request("http://x/", { method: "POST", body });

test("an input carries its text as the bytes that keys would send", async () => {
  const { terminal, text } = await parseInput(request('{"terminal":"t2","text":"ñ\\r"}'));
  expect(terminal).toBe("t2");
  expect(text).toEqual(new Uint8Array([0xc3, 0xb1, 0x0d]));
});

test("an input's deadline aborts", async () => {
  const { deadline } = await parseInput(request('{"awaitInputBytes":5,"deadlineMs":1}'));
  await new Promise((resolve) => deadline.addEventListener("abort", resolve));
  expect(deadline.reason).toMatchObject({ name: "TimeoutError" });
});

test.each([
  "not json",
  "null",
  "[1",
  '{"text":5}',
  '{"terminal":1}',
  '{"awaitInputBytes":-1}',
  '{"deadlineMs":1e9}',
])("refuses %s", (body) => {
  return expect(parseInput(request(body))).rejects.toMatchObject({ code: "usage" });
});

test("refuses more than 4 MiB", () => {
  const body = JSON.stringify({ text: "x".repeat(5 * 1024 * 1024) });
  return expect(parseInput(request(body))).rejects.toMatchObject({ code: "too_large" });
});
