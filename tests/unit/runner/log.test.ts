import { expect, test } from "bun:test";
import { Log } from "../../../docker/workstation/runner/log.ts";

function collect(): { log: Log; lines: () => { log?: string; text?: string }[] } {
  let written = "";
  const log = new Log((text) => {
    written += text;
  });
  const lines = () =>
    written
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  return { log, lines };
}

test("a program's output becomes one JSON line for each of its lines", async () => {
  const { log, lines } = collect();
  await log.follow("xvnc", new Response('say "hi"\n\nhalf').body as ReadableStream<Uint8Array>);
  expect(lines()).toEqual([
    { log: "xvnc", text: 'say "hi"' },
    { log: "xvnc", text: "half" },
  ]);
});

test("long lines are cut and floods are dropped", () => {
  const { log, lines } = collect();
  log.line("xterm", "x".repeat(100_000));
  for (let count = 0; count < 10_000; count++) log.line("xterm", "again");
  log.line("fluxbox", "still heard");
  expect(lines()[0]?.text?.length).toBe(2000);
  expect(lines().length).toBe(201);
  expect(lines().at(-1)).toEqual({ log: "fluxbox", text: "still heard" });
});
