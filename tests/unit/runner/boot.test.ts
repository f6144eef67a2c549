import { describe, expect, test } from "bun:test";
import { BootLines, parseBoot } from "../../../docker/workstation/runner/boot.ts";

const boot = {
  token: "t".repeat(32),
  vncPassword: "secret12",
  size: { width: 1920, height: 1080 },
  env: { EDITOR: "vim" },
  name: "shop",
  viewedWorkspace: true,
  networkComes: true,
  browser: false,
};

function streamOf(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
    },
  });
}

describe("the boot line", () => {
  test("comes back as it was sent", () => {
    expect(parseBoot(JSON.stringify(boot))).toEqual(boot);
  });

  test.each([
    ["token", "short"],
    ["vncPassword", ""],
    ["size", { width: 0, height: 10 }],
    ["size", { width: 1.5, height: 100 }],
    ["env", { "A=B": "x" }],
    ["env", { A: "x\0y" }],
    ["env", { A: 1 }],
    ["name", "two\nlines"],
    ["browser", "yes"],
  ])("is refused for a bad %s (%j), which is named", (field, value) => {
    const line = JSON.stringify({ ...boot, [field]: value });
    expect(() => parseBoot(line)).toThrow(`\`${field}\``);
  });

  test("never appears in its own error", () => {
    const line = JSON.stringify({ ...boot, token: "hunter2" });
    expect(() => parseBoot(line)).toThrow(/^(?!.*hunter2)/);
    expect(() => parseBoot(`${line}}`)).toThrow(/^(?!.*hunter2)/);
  });

  test("is read over chunks, up to the first line feed; the next one can come later", async () => {
    const lines = new BootLines(streamOf('{"a"', ":1}\n\nrest"));
    expect(await lines.next(1000)).toBe('{"a":1}');
    expect(await lines.next(1000)).toBe("");
  });

  test("that never comes is a time-out", () => {
    return expect(new BootLines(streamOf("{")).next(10)).rejects.toMatchObject({ code: "timeout" });
  });

  test("without an end is refused", () => {
    const long = "x".repeat(2 * 1024 * 1024);
    return expect(new BootLines(streamOf(long)).next(1000)).rejects.toMatchObject({
      code: "usage",
    });
  });
});
