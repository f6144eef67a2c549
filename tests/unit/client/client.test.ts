import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "../../../src/client/client.ts";

const route = { method: "POST", path: "/v1/echo" };
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

describe("a call", () => {
  test("sends JSON and returns the reply's", async () => {
    serve(async (request) => Response.json({ got: await request.json() }));
    expect(await client().call(route, { text: "ä" }, signal)).toEqual({ got: { text: "ä" } });
  });

  test("goes past any proxy of the environment", async () => {
    serve(() => Response.json({ ok: 1 }));
    process.env.HTTP_PROXY = "http://127.0.0.1:1";
    try {
      expect(await client().call(route, {}, signal)).toEqual({ ok: 1 });
    } finally {
      delete process.env.HTTP_PROXY;
    }
  });

  test("throws the daemon's own error", async () => {
    const error = { code: "no_session", message: "no session runs", hint: "make one" };
    serve(() => Response.json(error, { status: 404 }));
    await expect(client().call(route, {}, signal)).rejects.toMatchObject(error);
  });

  test("says so when the reply is not JSON", async () => {
    serve(() => new Response("<html>"));
    await expect(client().call(route, {}, signal)).rejects.toEqual(
      failing("unexpected", "NEXORA_HOST"),
    );
  });

  test("refuses a daemon of another version, unless any will do", async () => {
    serve(() => Response.json({ ok: 1 }, { headers: { "x-nexora-version": "2.0.0" } }));
    const mismatch = failing("version_mismatch", "nexora daemon stop");
    await expect(client().call(route, {}, signal)).rejects.toEqual(mismatch);
    expect(await client({ version: null }).call(route, {}, signal)).toEqual({ ok: 1 });
  });

  test("ends with the reason of an abort", async () => {
    serve(() => new Promise<Response>(() => {}));
    const reason = new Error("enough");
    const abort = new AbortController();
    const call = client().call(route, {}, abort.signal);
    abort.abort(reason);
    await expect(call).rejects.toMatchObject({ message: "enough" });
  });
});

describe("when nobody listens", () => {
  test("the call fails and names the socket", async () => {
    await expect(client().call(route, {}, signal)).rejects.toThrow(socket);
    await expect(client().call(route, {}, signal)).rejects.toEqual(
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
    const reply = await client({ start }).fetch("/", { method: "POST", body, signal });
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
    expect(await client({ start }).call(route, {}, signal)).toEqual({ fresh: true });
  });
});
