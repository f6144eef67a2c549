import { expect, test } from "bun:test";
import { Events } from "../../../docker/workstation/runner/events.ts";
import type { RunnerEvent } from "../../../src/runner/protocol.ts";

async function next(reader: ReturnType<typeof open>): Promise<RunnerEvent[]> {
  const { value } = await reader.read();
  const lines = new TextDecoder().decode(value).trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

const open = (events: Events) => events.stream().getReader();

const changed = (id: string, seq: number) =>
  ({ type: "terminal", id, seq, prompt: false }) as const;

test("a reader gets a heartbeat at once and every event after it", async () => {
  const events = new Events({ endings: 0, ending: "" });
  const reader = open(events);
  expect(await next(reader)).toMatchObject([{ type: "heartbeat" }]);
  const waiting = next(reader);
  events.emit({ type: "ready" });
  expect(await waiting).toEqual([{ type: "ready" }]);
  await reader.cancel();
});

test("a slow reader gets only the latest change of each terminal", async () => {
  const events = new Events({ endings: 0, ending: "" });
  const reader = open(events);
  await next(reader);
  for (let seq = 1; seq <= 500; seq++) {
    events.emit(changed("t1", seq));
    events.emit(changed("t2", seq));
  }
  events.emit({ type: "prompt", id: "t1", exitStatus: 0 });
  expect(await next(reader)).toEqual([
    changed("t1", 500),
    changed("t2", 500),
    { type: "prompt", id: "t1", exitStatus: 0 },
  ]);
  await reader.cancel();
});

test("a reader that never reads costs bounded memory", async () => {
  const events = new Events({ endings: 0, ending: "" });
  const reader = open(events);
  for (let count = 0; count < 5000; count++) {
    events.emit({ type: "prompt", id: "t1", exitStatus: count });
  }
  const held = await next(reader);
  expect(held.length).toBeLessThanOrEqual(1000);
  expect(held.at(-1)).toMatchObject({ exitStatus: 4999 });
  await reader.cancel();
});
