import type { Server, ServerWebSocket, WebSocketHandler } from "bun";
import { deadline } from "../../../../src/abort.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";

/** Where the browser's DevTools listen, on the workstation's loopback only. */
export const devtoolsPort = 9222;

const upstream = `127.0.0.1:${devtoolsPort}`;
/** Bytes that may wait for either side before its connection is given up. */
const maxBuffered = 64 * 1024 * 1024;
/** Longest reply of `/json`, in bytes. */
const maxReply = 16 * 1024 * 1024;
const deadlineMs = 10_000;

/** One client's connection to a page of the browser. */
export interface Tunnel {
  browser: WebSocket;
}

/**
 * Answers `/json*` from the browser, its addresses rewritten to the host that the client used.
 * Throws `engine_failed` when the browser does not run.
 */
export async function proxyDevtoolsJson(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const host = request.headers.get("host") ?? url.host;
  let reply: Response;
  try {
    // The browser believes only requests for an address or localhost.
    reply = await fetch(`http://${upstream}${url.pathname}${url.search}`, {
      method: request.method,
      redirect: "error",
      proxy: "",
      signal: deadline(deadlineMs, request.signal),
    });
  } catch (error) {
    throw notRunning(error);
  }
  if (Number(reply.headers.get("content-length") ?? 0) > maxReply) {
    throw new NexoraError("engine_failed", "the browser's reply is too long");
  }
  const text = (await reply.text())
    .replaceAll(upstream, host)
    .replaceAll(`localhost:${devtoolsPort}`, host);
  const type = reply.headers.get("content-type") ?? "application/json";
  return new Response(text, { status: reply.status, headers: { "content-type": type } });
}

/**
 * Turns a `/devtools/*` request into a WebSocket through to the browser. Resolves with undefined
 * once it is upgraded. Throws `engine_failed` when the browser does not run.
 */
export async function openTunnel(
  request: Request,
  server: Server<Tunnel>,
): Promise<Response | undefined> {
  const url = new URL(request.url);
  const browser = new WebSocket(devtoolsUrl(url.pathname + url.search));
  browser.binaryType = "arraybuffer";
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(notRunning("no answer in time")), deadlineMs);
    browser.onopen = () => resolve(clearTimeout(late));
    browser.onerror = () => reject(notRunning("the connection failed"));
    browser.onclose = () => reject(notRunning("the connection was closed"));
  }).catch((error) => {
    browser.close();
    throw error;
  });
  if (server.upgrade(request, { data: { browser } })) return undefined;
  browser.close();
  throw new NexoraError("usage", "/devtools needs a WebSocket upgrade");
}

/** Where the WebSocket of this path is. */
export function devtoolsUrl(path: string): string {
  return `ws://${upstream}${path}`;
}

/** Which browser answers, and the path of its DevTools. Throws when none does. */
export async function devtoolsVersion(
  signal?: AbortSignal,
): Promise<{ version: string; path: string }> {
  const reply = (await devtoolsJson("/json/version", signal)) as Record<string, unknown>;
  const { Browser: version, webSocketDebuggerUrl: url } = reply;
  if (typeof version !== "string" || typeof url !== "string") throw notRunning(reply);
  return { version, path: new URL(url).pathname };
}

/** Targets of its pages, the one that was last active first. */
export async function devtoolsPages(signal?: AbortSignal): Promise<string[]> {
  const targets = (await devtoolsJson("/json/list", signal)) as Record<string, unknown>[];
  return targets.filter(({ type }) => type === "page").map(({ id }) => String(id));
}

async function devtoolsJson(path: string, signal?: AbortSignal): Promise<unknown> {
  const ends = deadline(deadlineMs, signal);
  const reply = await fetch(`http://${upstream}${path}`, {
    redirect: "error",
    proxy: "",
    signal: ends,
  });
  return reply.json();
}

/** Passes messages both ways until either side ends, or falls too far behind. */
export const tunnelHandler: WebSocketHandler<Tunnel> = {
  maxPayloadLength: maxBuffered,
  backpressureLimit: maxBuffered,
  closeOnBackpressureLimit: true,
  idleTimeout: 0,
  perMessageDeflate: false,
  open(client) {
    const { browser } = client.data;
    browser.onmessage = (event) => client.send(event.data as string | ArrayBuffer);
    browser.onclose = () => client.close(1011, "the browser closed the page");
  },
  message(client: ServerWebSocket<Tunnel>, message) {
    const { browser } = client.data;
    browser.send(message);
    if (browser.bufferedAmount > maxBuffered) client.close(1013, "the browser is not keeping up");
  },
  close(client) {
    client.data.browser.close();
  },
};

export function notRunning(cause: unknown): NexoraError {
  return new NexoraError("engine_failed", "the browser is not running", {
    hint: "open it from the desktop's menu, or create the session with --browser",
    cause,
  });
}
