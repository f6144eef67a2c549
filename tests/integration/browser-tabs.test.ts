import { afterAll, expect, test } from "bun:test";
import { connect } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import { Browser } from "../../daemon/browser/browser.ts";
import { CdpConnection } from "../../daemon/browser/cdp/connection.ts";
import { TabIds } from "../../daemon/browser/tab-ids.ts";

/** What a workstation may put in the browser's place: DevTools that announce tabs without end. */
const commands: { method: string; sessionId?: string }[] = [];
const hostile = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null)),
  websocket: {
    message(socket, text) {
      const { id, method, sessionId } = JSON.parse(String(text));
      commands.push({ method, sessionId });
      if (method === "Target.setAutoAttach" && sessionId === undefined) {
        for (let n = 1; n <= 1000; n++) {
          const targetInfo = { targetId: `T${n}`, type: "page", title: "x", url: "about:blank" };
          const params = { sessionId: `S${n}`, targetInfo, waitingForDebugger: true };
          socket.send(JSON.stringify({ method: "Target.attachedToTarget", params }));
        }
      }
      socket.send(JSON.stringify({ id, result: {}, sessionId }));
    },
  },
});
afterAll(() => hostile.stop(true));

/** As the runner passes bytes on. */
const runner = {
  async fetch(_session: string, _path: string, { body }: RequestInit = {}): Promise<Response> {
    const socket = connect(hostile.port ?? 0, "127.0.0.1");
    Readable.fromWeb(body as NodeStream).pipe(socket);
    return new Response(Readable.toWeb(socket) as unknown as ReadableStream);
  },
};

test("of 1,000 tabs that open at once so many are followed, and the others go on without us", async () => {
  const signal = AbortSignal.timeout(20_000);
  const connection = await CdpConnection.open(runner, "s_one", "/devtools/browser/1", signal);
  const facts = { devtoolsPath: "/devtools/browser/1", version: "Chrome/1", pid: null };
  const browser = await Browser.attach(
    { connection, ids: new TabIds(), ...facts, recent: async () => [], known: () => {} },
    signal,
  );
  expect(browser.pages().map(({ id }) => id)).toEqual(
    Array.from({ length: 200 }, (_, n) => `t${n + 1}`),
  );
  await expect(browser.newTab("about:blank", signal)).rejects.toMatchObject({
    code: "action_failed",
    hint: expect.stringContaining("tabs close"),
  });
  // Answered in order: with this one all before it have been.
  await browser.send("Browser.getVersion", undefined, { signal });
  const count = (method: string) => commands.filter((it) => it.method === method).length;
  expect(count("Target.detachFromTarget")).toBe(800);
  expect(count("Runtime.runIfWaitingForDebugger")).toBe(1000);
  connection.close("the test is over");
});
