import { expect, test } from "bun:test";
import { renderLine, untilReady } from "../../../../../daemon/drivers/docker/boot.ts";
import { NexoraError } from "../../../../../src/contract/errors.ts";

async function follow(...said: (string | object)[]): Promise<NexoraError | null> {
  async function* lines() {
    for (const line of said) yield typeof line === "string" ? line : JSON.stringify(line);
  }
  try {
    await untilReady(lines());
    return null;
  } catch (error) {
    if (error instanceof NexoraError) return error;
    throw error;
  }
}

test("READY ends the wait", async () => {
  expect(await follow({ event: "listening" }, { event: "ready", ms: 210 })).toBeNull();
});

test("the part that failed is named, with the log until then", async () => {
  const error = await follow(
    { log: "Xvnc", text: "no screens" },
    { event: "failed", part: "display", message: "it ended with status 1" },
  );
  expect(error?.code).toBe("engine_failed");
  expect(error?.message).toContain("display failed: it ended with status 1");
  expect(error?.details).toEqual({ log: ["Xvnc: no screens"] });
});

test("an end before READY is a failure", async () => {
  const error = await follow("Segmentation fault");
  expect(error?.message).toContain("ended before it was ready");
  expect(error?.details).toEqual({ log: ["Segmentation fault"] });
});

test("only the last lines of a long log are kept", async () => {
  const error = await follow(...Array.from({ length: 100 }, (_, at) => `line ${at}`));
  expect(error?.details?.log).toEqual(Array.from({ length: 20 }, (_, at) => `line ${at + 80}`));
});

test("a line that only looks like the protocol's is a line of the log", async () => {
  expect(await follow('{"event":', '{"event":"other"}', { event: "ready", ms: 1 })).toBeNull();
  expect(renderLine('{"log":1}')).toBe('{"log":1}');
});

test("log lines are for people", () => {
  expect(renderLine('{"log":"Xvnc","text":"listening"}')).toBe("Xvnc: listening");
  expect(renderLine('{"event":"ready","ms":201.7}')).toBe("runner: ready after 202 ms");
  expect(renderLine("plain")).toBe("plain");
});
