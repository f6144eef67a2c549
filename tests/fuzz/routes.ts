import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { operations } from "../../src/contract/index.ts";
import { framesContentType } from "../../src/frames.ts";
import { TestDaemon } from "../support/daemon.ts";
import { hostileArchive } from "./archives.ts";
import { demand, pick, type Random, type Target } from "./target.ts";

/** Left out: would end the run, or take what others use. */
const leftOut = new Set(["daemon.stop", "image.build", "image.rm", "session.rm", "session.stop"]);
/** Follow what happens without end. */
const endless = /\/(attach|events|logs)(\?|$)/;
/** How long a reply may take, in milliseconds: none is slow, but the machine may be. */
const replyMs = 60_000;

const oddities = [
  "",
  "%00",
  "%ff",
  "%",
  "..",
  "%2e%2e",
  "a%2fb",
  "@",
  "x".repeat(5000),
  "ä",
  "'\"",
  "null",
  "-1",
  "1e999",
] as const;
const headerNames = [
  "accept",
  "content-type",
  "x-nexora-version",
  "x-nexora-client",
  "last-event-id",
  "host",
  "origin",
  "transfer-encoding",
  "content-encoding",
  "expect",
  "range",
  "connection",
  "x-\u00e4",
] as const;
const headerValues = [
  "",
  "*/*",
  "application/json",
  "application/x-tar",
  framesContentType,
  "text/event-stream",
  "image/png",
  "cli",
  "99.0.0",
  "-1",
  "chunked",
  "gzip",
  "100-continue",
  "bytes=0-",
  "x".repeat(20_000),
  "\u0000",
  "a\u00ffb",
  "evil.example",
] as const;

/**
 * Requests as no client sends them, byte by byte over TCP, to a daemon with a session: whatever comes, the
 * answer is no 500, or the daemon hangs up, and lives.
 */
export async function openRoutes(): Promise<Target> {
  const home = mkdtempSync(join(tmpdir(), "nexora-fuzz-"));
  // What is asked for well would be made, too.
  writeFileSync(join(home, "config.json"), JSON.stringify({ sessions: { max: 1 } }));
  const daemon = await TestDaemon.start(home);
  const { id } = await daemon.newSession({ workspace: null });
  return {
    async run(random) {
      const { head, body } = await requestOf(random, daemon, id);
      const status = await statusOf(daemon, [Buffer.from(head, "latin1"), body]);
      const fine = status === null || status < 500 || mayFail.has(status);
      demand(fine, () => `${status} for ${JSON.stringify([head, body.toString("latin1")])}`);
      const health = await daemon.fetch("/v1/health");
      demand(health.ok, () => `unwell after ${JSON.stringify([head, body.toString("latin1")])}`);
    },
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}

/** The workstation may be at fault, or late. */
const mayFail = new Set([502, 503, 504, 507]);

async function requestOf(random: Random, { url, token }: TestDaemon, session: string) {
  const [first, ...others] = operations.filter(({ id }) => !leftOut.has(id));
  if (!first) throw new Error("there is nothing to ask for");
  const operation = pick(random, [first, ...others]);
  const path = operation.path.replaceAll(/\{\w+\}/g, (part) => {
    const honest = part === "{session}" ? session : "x";
    return random(4) === 0 ? pick(random, oddities) : honest;
  });
  const method =
    random(8) === 0
      ? pick(random, ["GET", "PUT", "HEAD", "OPTIONS", "TRACE", "get", "\u0001"])
      : operation.method;
  const target = path + query(random);
  const body = endless.test(target) ? Buffer.alloc(0) : await bodyOf(random);
  const headers = [
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${token}`,
    `Content-Length: ${random(12) === 0 ? pick(random, ["-1", "x", "1", "99999999999999999999"]) : body.length}`,
    ...Array.from(
      { length: random(4) },
      () => `${pick(random, headerNames)}: ${pick(random, headerValues)}`,
    ),
  ];
  return { head: `${method} ${target} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`, body };
}

function query(random: Random): string {
  if (random(2) === 0) return "";
  const names = [
    "path",
    "since",
    "limit",
    "format",
    "region",
    "text",
    "follow",
    "x",
    "__proto__",
    "[]",
  ] as const;
  const pairs = Array.from(
    { length: 1 + random(3) },
    () => `${pick(random, names)}=${pick(random, oddities)}`,
  );
  return `?${pairs.join("&")}`;
}

async function bodyOf(random: Random): Promise<Buffer> {
  const kind = random(6);
  if (kind === 0) return Buffer.alloc(0);
  if (kind === 1) return Buffer.from(await hostileArchive(random));
  if (kind === 2) return Buffer.from(Array.from({ length: random(2000) }, () => random(256)));
  if (kind === 3) return frames(random);
  const text = JSON.stringify(value(random, 0));
  return Buffer.from(
    random(4) === 0 ? text.slice(0, random(text.length + 1)) : text,
    random(6) === 0 ? "latin1" : "utf8",
  );
}

/** A type, a length and so many bytes; or fewer, or another length. */
function frames(random: Random): Buffer {
  const parts: Uint8Array[] = [];
  for (let left = random(4); left >= 0; left--) {
    const payload =
      random(2) === 0
        ? Buffer.from(JSON.stringify(value(random, 0)))
        : Buffer.alloc(random(300), random(256));
    const head = Buffer.alloc(5);
    head[0] = random(9) === 0 ? random(256) : random(8);
    head.writeUInt32BE(random(9) === 0 ? random(2 ** 32) : payload.length, 1);
    parts.push(head, payload);
  }
  return Buffer.concat(parts);
}

const fieldNames = [
  "command",
  "text",
  "keys",
  "timeoutMs",
  "tty",
  "name",
  "workspace",
  "image",
  "size",
  "env",
  "region",
  "wait",
  "thenScreen",
  "scope",
  "ttlMs",
  "x",
  "__proto__",
  "constructor",
] as const;
const scalars = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  0.5,
  "",
  "a\u0000b",
  "\ud800",
  "é".repeat(3000),
  "/etc",
  "relative",
  "true",
  "^(a+)+$",
] as const;

function value(random: Random, depth: number): unknown {
  const kind = depth > 4 ? 9 : random(10);
  if (kind === 0) return Array.from({ length: random(5) }, () => value(random, depth + 1));
  if (kind > 4 && depth > 0) return pick(random, scalars);
  return Object.fromEntries(
    Array.from({ length: random(5) }, () => [pick(random, fieldNames), value(random, depth + 1)]),
  );
}

/** The status of the reply; null: the daemon has hung up, or what it was sent is no whole request. */
function statusOf({ url }: TestDaemon, parts: Uint8Array[]): Promise<number | null> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const late = setTimeout(() => done(() => reject(new Error("no answer"))), replyMs);
    let text = "";
    const done = (how: () => void) => {
      clearTimeout(late);
      socket.destroy();
      how();
    };
    socket.on("error", () => done(() => resolve(null)));
    socket.on("close", () => done(() => resolve(null)));
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      if (status !== undefined && status !== "100") done(() => resolve(Number(status)));
    });
    for (const part of parts) socket.write(part);
    // What was sent was all of it: a body that is shorter than it says is not waited for.
    socket.end();
  });
}
