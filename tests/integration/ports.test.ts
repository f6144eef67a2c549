import { afterAll, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:net";
import { Ports } from "../../daemon/ports/ports.ts";
import { isFree } from "../../daemon/ports/probe.ts";
import { SessionRepository } from "../../daemon/store/sessions.ts";
import { SecretBox } from "../../daemon/vault/secretbox.ts";
import { onEachStore, sessionRow } from "../support/stores.ts";

const secretBox = new SecretBox(randomBytes(32));
const allFree = async () => true;

onEachStore((its) => {
  /** Ports of an instance of its own, and the ids of `sessions` sessions. */
  async function setUp(instance: string, sessions: number, options: Partial<Options> = {}) {
    const rows = new SessionRepository({ db: its.store.db, instance, secretBox });
    const ids = await Promise.all(
      Array.from({ length: sessions }, async (_, at) => {
        return (await rows.insert(sessionRow(`${instance}-${at}`))).id;
      }),
    );
    const open = (changed: Partial<Options> = {}) =>
      Ports.open({ db: its.store.db, instance, ...defaults, ...options, ...changed });
    return { rows, ids, open, ports: await open() };
  }

  test("200 concurrent allocations of 100 pairs give 100 pairs, no port twice", async () => {
    const { ids, ports } = await setUp("many", 200);
    const results = await Promise.allSettled(ids.map((id) => ports.allocate(id)));
    const pairs = results.flatMap((result) =>
      result.status === "fulfilled" ? [result.value] : [],
    );
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason.code] : [],
    );
    expect(pairs).toHaveLength(100);
    expect(refused).toEqual(Array(100).fill("ports_exhausted"));
    expect(new Set(pairs.map((pair) => pair.vnc)).size).toBe(100);
    expect(new Set(pairs.map((pair) => pair.cdp)).size).toBe(100);
    expect(await ports.holders()).toHaveLength(200);
  });

  test("uneven pools under concurrency give as many pairs as the smaller pool has", async () => {
    const pools = { vnc: [5900, 5919], cdp: [9222, 9226] } as const;
    const { ids, ports } = await setUp("uneven", 40, { pools });
    const results = await Promise.allSettled(ids.map((id) => ports.allocate(id)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(5);
    expect(await ports.holders()).toHaveLength(10);
  });

  test("ports of other programs are passed over, also by concurrent callers", async () => {
    const foreign = new Set([5900, 5903, 9222]);
    const { ids, ports } = await setUp("foreign", 10, {
      isFree: async (port) => !foreign.has(port),
    });
    const pairs = await Promise.all(ids.map((id) => ports.allocate(id)));
    const handedOut = pairs.flatMap((pair) => [pair.vnc, pair.cdp]);
    expect(handedOut.filter((port) => foreign.has(port))).toEqual([]);
    expect(new Set(handedOut).size).toBe(20);
  });

  test("a port is tried again once the other program has ended", async () => {
    const foreign = new Set([5900]);
    const pools = { vnc: [5900, 5900], cdp: [9222, 9222] } as const;
    const { ids, ports } = await setUp("again", 1, {
      pools,
      isFree: async (port) => !foreign.has(port),
    });
    const [id = ""] = ids;
    await expect(ports.allocate(id)).rejects.toMatchObject({
      code: "ports_exhausted",
      message: expect.stringContaining("another program (5900)"),
    });
    foreign.clear();
    expect(await ports.allocate(id)).toEqual({ vnc: 5900, cdp: 9222 });
  });

  test("exhaustion says who holds what, and changes nothing", async () => {
    const pools = { vnc: [5900, 5901], cdp: [9222, 9230] } as const;
    const { ids, ports } = await setUp("full", 3, {
      pools,
      isFree: async (port) => port !== 5901,
    });
    const [first = "", second = ""] = ids;
    await ports.allocate(first);
    const before = await ports.holders();
    const error = await ports.allocate(second).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "ports_exhausted", exitCode: 5 });
    expect(error.message).toContain(
      "VNC 5900–5901 is used by full-0 (5900), another program (5901)",
    );
    expect(error.message).not.toContain("CDP");
    expect(await ports.holders()).toEqual(before);
    expect(await ports.heldBy(second)).toBeNull();
  });

  test("a session that holds ports gets the same again", async () => {
    const { ids, ports } = await setUp("same", 1);
    const [id = ""] = ids;
    const pair = await ports.allocate(id);
    expect(await ports.allocate(id)).toEqual(pair);
    expect(await ports.holders()).toHaveLength(2);
  });

  test("ports to avoid are not handed out", async () => {
    const { ids, ports } = await setUp("avoid", 1);
    expect(await ports.allocate(ids[0] ?? "", [5900, 9222])).toEqual({ vnc: 5901, cdp: 9223 });
  });

  test("released ports, and those of a removed session, are free again", async () => {
    const { ids, ports, rows } = await setUp("release", 3);
    const [first = "", second = "", third = ""] = ids;
    const pair = await ports.allocate(first);
    await ports.release(first);
    await ports.release(first);
    expect(await ports.allocate(second)).toEqual(pair);
    await rows.remove(second);
    expect(await ports.allocate(third)).toEqual(pair);
  });

  test("pools can be narrowed and moved between runs; held ports stay held", async () => {
    const { ids, ports, open } = await setUp("resize", 2);
    const [first = "", second = ""] = ids;
    expect(await ports.allocate(first)).toEqual({ vnc: 5900, cdp: 9222 });
    const moved = await open({ pools: { vnc: [9222, 9223], cdp: [5900, 5901] } });
    expect(await moved.heldBy(first)).toEqual({ vnc: 5900, cdp: 9222 });
    expect(await moved.allocate(second)).toEqual({ vnc: 9223, cdp: 5901 });
  });

  test("overlapping and impossible pools are refused", async () => {
    const { open } = await setUp("invalid", 0);
    for (const pools of [
      { vnc: [5900, 6000], cdp: [6000, 6100] },
      { vnc: [5999, 5900], cdp: [9222, 9321] },
      { vnc: [5900, 5999], cdp: [9222, 70_000] },
    ] as const) {
      await expect(open({ pools })).rejects.toMatchObject({ code: "config_invalid" });
    }
  });
});

type Options = Pick<Parameters<typeof Ports.open>[0], "pools" | "isFree">;
const defaults: Options = { pools: { vnc: [5900, 5999], cdp: [9222, 9321] }, isFree: allFree };

describe("isFree", () => {
  let server: Server | null = null;
  afterAll(() => server?.close());

  test.each(["127.0.0.1", "0.0.0.0"])("sees a listener on %s", async (address) => {
    const listener = createServer();
    server = listener;
    await new Promise<void>((resolve) => listener.listen(0, address, resolve));
    const bound = listener.address();
    const port = typeof bound === "object" && bound ? bound.port : 0;
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => listener.close(resolve));
    expect(await isFree(port)).toBe(true);
  });
});
