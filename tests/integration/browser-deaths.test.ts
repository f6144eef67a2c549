import { afterEach, beforeEach, expect, test } from "bun:test";
import { once } from "node:events";
import { connect } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream as NodeStream } from "node:stream/web";
import type { Server, ServerWebSocket } from "bun";
import type { Browser } from "../../daemon/browser/browser.ts";
import { SessionBrowser } from "../../daemon/browser/session-browser.ts";
import type { RunnerBrowser, RunnerBrowserStart } from "../../src/runner/browser.ts";

/** As much of a browser and its runner as tabs need: one that can be killed as often as one likes, in no time. */
class Mortal {
  private runs = 0;
  private readonly tabs = new Map<string, string>();
  private path: string | null = null;
  private readonly server: Server<undefined>;
  private readonly sockets = new Set<ServerWebSocket<undefined>>();

  constructor() {
    this.server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: (request, server) => (server.upgrade(request) ? undefined : new Response(null)),
      websocket: {
        open: (socket) => void this.sockets.add(socket),
        close: (socket) => void this.sockets.delete(socket),
        message: (socket, text) => this.answer(socket, JSON.parse(String(text))),
      },
    });
  }

  readonly runner = {
    fetch: async (_session: string, _path: string, { body }: RequestInit = {}) => {
      const socket = connect(this.server.port ?? 0, "127.0.0.1");
      Readable.fromWeb(body as NodeStream).pipe(socket);
      return new Response(Readable.toWeb(socket) as unknown as ReadableStream);
    },
    browser: {
      state: async () => this.state(false),
      pages: async () => [...this.tabs.keys()],
      stop: async () => {
        this.kill();
        return this.state(false);
      },
      start: async (_session: string, { url, restore }: RunnerBrowserStart) => {
        const started = this.path === null;
        if (started) this.begin(restore === undefined ? [url ?? "about:blank"] : this.saved);
        return this.state(started);
      },
    },
  };

  /** What it brings back by itself. */
  private saved: string[] = [];

  begin(urls: readonly string[]): void {
    this.path = `/devtools/browser/${++this.runs}`;
    this.tabs.clear();
    for (const [at, url] of urls.entries()) this.tabs.set(`R${this.runs}T${at}`, url);
  }

  kill(): void {
    this.saved = [...this.tabs.values()];
    this.path = null;
    for (const socket of this.sockets) socket.terminate();
  }

  stop = () => this.server.stop(true);

  private state(started: boolean): RunnerBrowser {
    const running = this.path === null ? null : { version: "Chrome/1", path: this.path };
    return { installed: true, started, running, pid: running && this.runs };
  }

  private answer(
    socket: ServerWebSocket<undefined>,
    it: { id: number; method: string; sessionId?: string; params: { url: string } },
  ): void {
    const { id, method, sessionId, params } = it;
    const attached = (targetId: string, url: string) => {
      const targetInfo = { targetId, type: "page", title: "", url };
      const event = { sessionId: `S${targetId}`, targetInfo, waitingForDebugger: true };
      socket.send(JSON.stringify({ method: "Target.attachedToTarget", params: event }));
    };
    let result = {};
    if (method === "Target.setAutoAttach" && sessionId === undefined) {
      for (const [target, url] of this.tabs) attached(target, url);
    }
    if (method === "Target.createTarget") {
      const targetId = `R${this.runs}T${this.tabs.size}`;
      this.tabs.set(targetId, params.url);
      attached(targetId, params.url);
      result = { targetId };
    }
    socket.send(JSON.stringify({ id, result, sessionId }));
  }
}

const signal = AbortSignal.timeout(20_000);
const log = { debug() {}, info() {}, warn() {}, error() {} };
let mortal: Mortal;
let session: SessionBrowser;
beforeEach(() => {
  mortal = new Mortal();
  session = new SessionBrowser({ session: "s_one", runner: mortal.runner, log, known() {} });
});
afterEach(() => {
  session.drop("the test is over");
  mortal.stop();
});

const places = (browser: Browser | null) => browser?.pages().map(({ id, url }) => `${id} ${url}`);

async function dies(browser: Browser): Promise<void> {
  const ended = once(browser.signal, "abort");
  mortal.kill();
  await ended;
}

/** Opens tabs, and dies three times, of which each time it comes back, and once more. */
async function diesOften(): Promise<string[] | undefined> {
  let { browser } = await session.openAt("http://one/", signal);
  await browser.newTab("http://two/", signal);
  const before = places(browser);
  expect(before).toEqual(["t1 http://one/", "t2 http://two/"]);
  for (let times = 1; times <= 3; times++) {
    await dies(browser);
    const back = await session.existing(signal);
    expect(places(back)).toEqual(before);
    if (back) browser = back;
  }
  await dies(browser);
  expect(await session.existing(signal)).toBeNull();
  return before;
}

test("a browser that dies too often stays down, and comes back with its tabs when it is needed", async () => {
  const before = await diesOften();
  const { browser } = await session.openAt("http://three/", signal);
  expect(places(browser)).toEqual(before);
  expect(browser.restartFor("ada")).toMatchObject({ tabs: 2 });
  // What is open now is what comes back the next time.
  await browser.newTab("http://four/", signal);
  await dies(browser);
  const again = await session.openAt(undefined, signal);
  expect(places(again.browser)).toEqual([...(before ?? []), "t3 http://four/"]);
});

test("a browser that died too often has its tabs, too, when a person starts it again", async () => {
  const before = await diesOften();
  mortal.begin(["http://by.hand/"]);
  expect(places(await session.existing(signal))).toEqual([...(before ?? []), "t3 http://by.hand/"]);
});

test("a browser that died too often and is stopped has forgotten its tabs", async () => {
  await diesOften();
  await session.stop(signal);
  const { browser, began } = await session.openAt("http://three/", signal);
  expect({ began, urls: browser.pages().map(({ url }) => url) }).toEqual({
    began: true,
    urls: ["http://three/"],
  });
});
