import { describe, expect, test } from "bun:test";
import type { Service } from "../../../../daemon/tunnel/service.ts";
import type { ServiceStream } from "../../../../daemon/tunnel/service-stream.ts";
import { Tunnel } from "../../../../daemon/tunnel/tunnel.ts";
import { Tunnels } from "../../../../daemon/tunnel/tunnels.ts";
import { NexoraError } from "../../../../src/contract/errors.ts";
import { encodeFrame } from "../../../../src/tunnel/frame.ts";
import { Link } from "../../../../src/tunnel/link.ts";
import { frameType, limits, parseOffers, TunnelError } from "../../../../src/tunnel/protocol.ts";
import { Party } from "../../tunnel/harness.ts";

type Fetch = (path: string, init: RequestInit, signal?: AbortSignal) => Promise<Response>;

const never = new AbortController().signal;
const text = (bytes: string) => new TextEncoder().encode(bytes);

/** What a tunnel is made of, with a runner that answers in that way. */
function partsWith(fetch: Fetch) {
  const warnings: string[] = [];
  const quiet = () => {};
  const warn = (message: string) => warnings.push(message);
  const runner = {
    fetch: (_: string, path: string, init: RequestInit, signal?: AbortSignal) =>
      fetch(path, init, signal),
  };
  return { warnings, runner, log: { debug: quiet, info: quiet, warn, error: warn } };
}

const service = (connect: (stream: ServiceStream) => Promise<void>): Service => ({
  name: "echo",
  port: 9000,
  connect: (_, stream) => connect(stream),
});
const echo = service(async (stream) => {
  for await (const bytes of stream) await stream.write(bytes);
});

/** A runner's side that takes the offer; `connected` is called when it has, with the link. */
function insideOf(connected: (link: Link) => void): Fetch {
  return async (_, { body }) => {
    const link: Link = new Link("inside", {
      control(payload) {
        link.mux.control(parseOffers(payload).map(({ name }) => ({ name, error: null })));
        connected(link);
      },
      opened: () => "none are accepted",
    });
    void link.run(body as ReadableStream<Uint8Array>, never);
    return new Response(link.output);
  };
}

/** A runner that sends these bytes, and takes nothing. */
const saying = (...frames: Uint8Array[]): Fetch => {
  const output = new ReadableStream<Uint8Array>({
    start: (controller) => frames.forEach((frame) => void controller.enqueue(frame)),
  });
  return async () => new Response(output);
};

describe("tunnels", () => {
  test("are not opened when nothing is offered", () => {
    const parts = partsWith(() => Promise.reject(new Error("the runner was asked")));
    const tunnels = new Tunnels({ ...parts, services: () => [] });
    tunnels.follow("s_1");
    tunnels.close();
    expect(parts.warnings).toEqual([]);
  });

  test("are opened again when they break, until the session goes", async () => {
    const links: Link[] = [];
    const connected = [0, 1].map(() => Promise.withResolvers<Link>());
    const parts = partsWith(insideOf((link) => connected[links.push(link) - 1]?.resolve(link)));
    const tunnels = new Tunnels({ ...parts, services: () => [echo] });
    tunnels.follow("s_1");
    (await connected[0]?.promise)?.end(new TunnelError("it breaks"));
    const link = await connected[1]?.promise;
    const party = new Party();
    const lost = Promise.withResolvers<string>();
    party.lost = lost.resolve;
    party.stream = link?.mux.open("echo", party) ?? null;
    tunnels.drop("s_1");
    await lost.promise;
    expect(links.length).toBe(2);
  });

  test("are waited for until the runner has taken the offer, or there will be none", async () => {
    const gate = Promise.withResolvers<void>();
    const inside = insideOf(() => {});
    const parts = partsWith((...request) => gate.promise.then(() => inside(...request)));
    const tunnels = new Tunnels({ ...parts, services: () => [echo] });
    await tunnels.offered("s_1");
    tunnels.follow("s_1");
    let taken = false;
    const offered = tunnels.offered("s_1").then(() => {
      taken = true;
    });
    await Bun.sleep(0);
    expect(taken).toBe(false);
    gate.resolve();
    await offered;
    tunnels.close();
    const refused = partsWith(() => Promise.reject(new NexoraError("not_found", "no POST")));
    const none = new Tunnels({ ...refused, services: () => [echo] });
    none.follow("s_1");
    await none.offered("s_1");
    expect(refused.warnings).toHaveLength(1);
  });

  test("are given up when the runner knows none", async () => {
    const asked = Promise.withResolvers<void>();
    let times = 0;
    const parts = partsWith(() => {
      times++;
      return Promise.reject(new NexoraError("not_found", "the runner has no POST"));
    });
    parts.log.warn = (message) => {
      asked.resolve();
      return parts.warnings.push(message);
    };
    const tunnels = new Tunnels({ ...parts, services: () => [echo] });
    tunnels.follow("s_1");
    await asked.promise;
    expect([times, parts.warnings]).toEqual([
      1,
      ["a session has no tunnel: its runner is older than this daemon"],
    ]);
  });
});

describe("a tunnel", () => {
  /** A stream to the service, as the inside has it. */
  async function streamTo(offered: Service): Promise<{ party: Party; end: () => void }> {
    const connected = Promise.withResolvers<Link>();
    const parts = partsWith(insideOf(connected.resolve));
    const ended = new AbortController();
    void new Tunnel(parts, "s_1", [offered]).run(ended.signal);
    const party = new Party();
    party.stream = (await connected.promise).mux.open("echo", party);
    return { party, end: () => ended.abort(new NexoraError("interrupted", "it was enough")) };
  }

  test("tells a service that the program broke off, and reads no further", async () => {
    const heard = Promise.withResolvers<unknown>();
    const { party } = await streamTo(
      service(async (stream) => {
        await stream.read();
        party.stream?.reset("the program is gone");
        heard.resolve(await stream.read().catch((error) => error));
      }),
    );
    party.stream?.send(text("hello"));
    const error = (await heard.promise) as NexoraError;
    expect([error.code, error.message]).toEqual([
      "interrupted",
      "the stream was broken off: the program is gone",
    ]);
  });

  test("tells a service that it has ended, also one that waits to write", async () => {
    const heard = Promise.withResolvers<unknown>();
    const full = Promise.withResolvers<void>();
    const { party, end } = await streamTo(
      service(async (stream) => {
        const writing = stream.write(new Uint8Array(10 * limits.window));
        full.resolve();
        heard.resolve(await writing.catch((error) => error));
      }),
    );
    party.stream?.send(text("hello"));
    await full.promise;
    end();
    expect((await heard.promise) as NexoraError).toMatchObject({ code: "interrupted" });
  });

  test("gives a service all that was sent before the end, also when the stream is gone", async () => {
    const told = Promise.withResolvers<void>();
    const heard = Promise.withResolvers<string>();
    const { party } = await streamTo(
      service(async (stream) => {
        await told.promise;
        heard.resolve(Buffer.concat(await Array.fromAsync(stream)).toString());
      }),
    );
    party.stream?.send(text("all of it"));
    party.stream?.end();
    party.stream?.release("the program has closed the connection");
    told.resolve();
    expect(await heard.promise).toBe("all of it");
  });

  test("does not tell the inside why a service failed", async () => {
    const { party } = await streamTo(
      service(() => Promise.reject(new Error("a secret of the daemon's"))),
    );
    const lost = Promise.withResolvers<string>();
    party.lost = lost.resolve;
    expect(await lost.promise).toBe("the service failed");
  });

  test("waits only so long for the runner to take the offer", async () => {
    const parts = { ...partsWith(saying()), openingMs: 10 };
    const reason = await new Tunnel(parts, "s_1", [echo]).run(never);
    expect(reason.code).toBe("timeout");
  });

  const opening = encodeFrame(frameType.open, 1, text("echo"));
  const data = encodeFrame(frameType.data, 1, new Uint8Array(limits.payload));
  const reply = encodeFrame(frameType.control, 0, text("[]"));
  test.each<[string, Uint8Array[], string]>([
    ["sends more than a window", [opening, ...Array(5).fill(data)], "more than its window"],
    ["answers the offer twice", [reply, reply], "answered once"],
    ["answers with no JSON", [encodeFrame(frameType.control, 0, text("{"))], "not JSON"],
    ["answers nonsense", [encodeFrame(frameType.control, 0, text("[1]"))], "not a list"],
    ["names no service", [encodeFrame(frameType.control, 0, text("[{}]"))], "is not one"],
  ])("is cut off from a runner that %s", async (_, frames, why) => {
    const reason = await new Tunnel(partsWith(saying(...frames)), "s_1", [
      service(() => new Promise(() => {})),
    ]).run(never);
    expect(reason).toBeInstanceOf(TunnelError);
    expect(reason.message).toContain(why);
  });
});
