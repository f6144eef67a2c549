import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "../../../src/client/client.ts";

const signal = new AbortController().signal;

let folder: string;
let socket: string;
let server: Bun.Server<undefined> | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexora-client-"));
  socket = join(folder, "daemon.sock");
});
afterEach(async () => {
  await server?.stop(true);
  server = undefined;
  rmSync(folder, { recursive: true });
});

function serve(reply: (request: Request) => Response | Promise<Response>): void {
  server = Bun.serve({ unix: socket, fetch: reply });
}

function client(options: Partial<ConstructorParameters<typeof Client>[0]> = {}): Client {
  return new Client({
    endpoint: { base: "http://localhost", socket },
    version: "1.0.0",
    ...options,
  });
}

const failing = (code: string, hint?: string) =>
  expect.objectContaining({ code, ...(hint ? { hint: expect.stringContaining(hint) } : {}) });

/** Any reply at all: these tests are about the way there. */
const list = (it: Client, abort = signal): Promise<unknown> => it.call("session.ls", {}, abort);
const type = (it: Client): Promise<unknown> =>
  it.call("type", { session: "web", text: "ä" }, signal);

describe("a call", () => {
  test("sends the fields where the operation's route has them, and its version", async () => {
    serve(async (request) =>
      Response.json({
        at: new URL(request.url).pathname,
        got: await request.json(),
        version: request.headers.get("x-nexora-version"),
      }),
    );
    const expected = { at: "/v1/sessions/web/type", got: { text: "ä" }, version: "1.0.0" };
    expect(await type(client())).toEqual(expected);
    expect(await type(client({ version: null }))).toMatchObject({ version: null });
  });

  test("goes past any proxy of the environment", async () => {
    serve(() => Response.json({ ok: 1 }));
    process.env.HTTP_PROXY = "http://127.0.0.1:1";
    try {
      expect(await list(client())).toEqual({ ok: 1 });
    } finally {
      delete process.env.HTTP_PROXY;
    }
  });

  test("throws the daemon's own error", async () => {
    const error = { code: "no_session", message: "no session runs", hint: "make one" };
    serve(() => Response.json(error, { status: 404 }));
    await expect(list(client())).rejects.toMatchObject(error);
  });

  test("says so when the reply is not JSON", async () => {
    serve(() => new Response("<html>"));
    await expect(list(client())).rejects.toEqual(failing("unexpected", "NEXORA_HOST"));
  });

  test("ends with the reason of an abort", async () => {
    serve(() => new Promise<Response>(() => {}));
    const reason = new Error("enough");
    const abort = new AbortController();
    const call = list(client(), abort.signal);
    abort.abort(reason);
    await expect(call).rejects.toMatchObject({ message: "enough" });
  });
});

describe("when nobody listens", () => {
  test("the call fails and names the socket", async () => {
    await expect(list(client())).rejects.toThrow(socket);
    await expect(list(client())).rejects.toEqual(
      failing("daemon_unreachable", "nexora daemon start"),
    );
  });

  test("the daemon is started once and the body is sent then, a stream too", async () => {
    let starts = 0;
    const start = async () => {
      starts++;
      serve(async (request) => new Response(await request.text()));
    };
    const body = () => new Blob(["streamed"]).stream();
    const form = { contentType: "application/x-tar", body };
    const fields = { session: "web", path: "." };
    const reply = await client({ start }).open("files.put", fields, signal, form);
    expect(await reply.text()).toBe("streamed");
    expect(starts).toBe(1);
  });

  test("a socket that a dead daemon left behind counts as nobody", async () => {
    const child = Bun.spawn(
      [
        process.execPath,
        "-e",
        `Bun.serve({unix:${JSON.stringify(socket)},fetch:()=>new Response()});console.log("up")`,
      ],
      { stdout: "pipe" },
    );
    await child.stdout.getReader().read();
    child.kill("SIGKILL");
    await child.exited;
    const start = async () => {
      rmSync(socket, { force: true });
      serve(() => Response.json({ fresh: true }));
    };
    expect(await list(client({ start }))).toEqual({ fresh: true });
  });
});

describe("when the connection breaks before the reply", () => {
  /** A daemon that dies as soon as it has been asked. */
  async function dying(): Promise<{ daemon: Server; asked: () => number }> {
    let asked = 0;
    const daemon = createServer((connection) => {
      connection.once("data", () => {
        asked++;
        connection.resetAndDestroy();
      });
      connection.on("error", () => {});
    });
    await new Promise<void>((resolve) => daemon.listen(socket, resolve));
    return { daemon, asked: () => asked };
  }

  test("what only reads is sent again to the daemon that is started", async () => {
    const { daemon, asked } = await dying();
    const start = async () => {
      await new Promise((resolve) => daemon.close(resolve));
      serve(() => Response.json({ fresh: true }));
    };
    expect(await list(client({ start }))).toEqual({ fresh: true });
    expect(asked()).toBe(1);
  });

  test("what acts is not sent again, because it may have been carried out", async () => {
    const { daemon, asked } = await dying();
    let starts = 0;
    const start = async () => void starts++;
    await expect(type(client({ start }))).rejects.toEqual(
      failing("daemon_unreachable", "may have been carried out"),
    );
    expect([asked(), starts]).toEqual([1, 0]);
    daemon.close();
  });
});
