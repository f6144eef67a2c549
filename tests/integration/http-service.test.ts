import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpService } from "../../daemon/tunnel/http-service.ts";
import { Tunnelled } from "../support/tunnelled.ts";
import { Workstations } from "../support/workstations.ts";

let stations: Workstations;
let folder: string;
beforeAll(async () => {
  stations = await Workstations.open();
  folder = mkdtempSync(join(tmpdir(), "nexora-http-"));
});
afterAll(async () => {
  await stations?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** A workstation that finds a handler at 127.0.0.1:9000. */
async function serving(
  network: "full" | "none",
  fetch: (request: Request) => Response | Promise<Response>,
) {
  const socket = join(folder, `${crypto.randomUUID().slice(0, 8)}.sock`);
  const service = new HttpService({ name: "web", port: 9000, socket, fetch });
  const box = await Tunnelled.start(stations, network, [service]);
  const client =
    "import http.client\ndef web(): connect(9000).close(); return http.client.HTTPConnection('127.0.0.1', 9000, timeout=60)\n";
  return {
    socket,
    python: (program: string) => box.python(client + program),
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]();
      await service.close();
    },
  };
}

describe.each(["full", "none"] as const)("with network %s", (network) => {
  test("programs inside speak HTTP to it: several requests on a connection, streams both ways", async () => {
    await using box = await serving(network, async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/echo") return new Response(request.body, { status: 201 });
      return Response.json({ path: pathname, host: request.headers.get("host") });
    });
    expect(statSync(box.socket).mode & 0o777).toBe(0o600);
    const output = await box.python(`
import json
c = web()
for i in range(3):
    c.request("GET", f"/a{i}"); print(json.loads(c.getresponse().read()))
body = os.urandom(5000000)
c.request("POST", "/echo", iter([body[:1000], body[1000:]]), {"transfer-encoding": "chunked"}, encode_chunked=True)
r = c.getresponse(); print(r.status, hashlib.sha256(r.read()).digest() == hashlib.sha256(body).digest())`);
    expect(output.split("\n")).toEqual([
      "{'path': '/a0', 'host': '127.0.0.1:9000'}",
      "{'path': '/a1', 'host': '127.0.0.1:9000'}",
      "{'path': '/a2', 'host': '127.0.0.1:9000'}",
      "201 True",
    ]);
  });
});

test("a program that hangs up aborts its request", async () => {
  const aborted = Promise.withResolvers<void>();
  await using box = await serving("none", async (request) => {
    request.signal.addEventListener("abort", () => aborted.resolve());
    const never = new ReadableStream({ pull: () => new Promise(() => {}) });
    return new Response(never);
  });
  await box.python(`
s = connect(9000); s.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"); print(s.recv(12)); s.close()`);
  await aborted.promise;
});
