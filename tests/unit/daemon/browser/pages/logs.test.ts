import { describe, expect, test } from "bun:test";
import type { Protocol } from "devtools-protocol";
import { ConsoleLog } from "../../../../../daemon/browser/pages/console-log.ts";
import { Loads } from "../../../../../daemon/browser/pages/loads.ts";
import { NetworkLog } from "../../../../../daemon/browser/pages/network-log.ts";

let clock = 1_700_000_000_000;
const said = (text: string, type = "log"): Protocol.Runtime.ConsoleAPICalledEvent => ({
  type: type as "log",
  args: [{ type: "string", value: text }],
  executionContextId: 1,
  timestamp: clock++,
});

describe("the console", () => {
  test("is told from an entry on", () => {
    const log = new ConsoleLog();
    log.called(said("one"));
    log.called(said("two"));
    log.called(said("three", "warning"));
    expect(log.read(1).entries.map(({ text, level }) => [text, level])).toEqual([
      ["two", "info"],
      ["three", "warning"],
    ]);
    expect(log.read(3)).toEqual({ entries: [], missed: 0, next: 3 });
  });

  test("of many long lines keeps the last ones", () => {
    const log = new ConsoleLog();
    for (let n = 0; n < 1000; n++) log.called(said(`${n} ${"x".repeat(4000)}`));
    const { entries, missed } = log.read(0);
    const length = entries.reduce((sum, { text }) => sum + text.length, 0);
    expect(length).toBeLessThanOrEqual(256 * 1024);
    expect(length).toBeGreaterThan(250 * 1024);
    expect(entries.at(-1)?.text).toStartWith("999 ");
    expect(missed).toBe(1000 - entries.length);
  });

  test("keeps so much, and says what it does not", () => {
    const log = new ConsoleLog();
    for (let n = 0; n < 5000; n++) log.called(said(`line ${n}`));
    const { entries, missed, next } = log.read(0);
    expect([entries.length, missed, next]).toEqual([500, 4500, 5000]);
    log.called(said("x".repeat(100_000)));
    expect(log.read(5000).entries[0]?.text).toHaveLength(4000);
  });

  test("counts what is said again, and takes what is told twice once", () => {
    const log = new ConsoleLog();
    for (let n = 0; n < 3; n++) log.called(said("again"));
    const told = said("told twice");
    log.called(told);
    log.called(told);
    expect(log.read(0).entries.map(({ text, count }) => [text, count])).toEqual([
      ["again", 3],
      ["told twice", 1],
    ]);
  });

  test("tells of what is said again after it was read", () => {
    const log = new ConsoleLog();
    log.called(said("again"));
    const { next } = log.read(0);
    log.called(said("again"));
    log.called(said("again"));
    expect(log.read(next).entries.map(({ text, count }) => [text, count])).toEqual([["again", 2]]);
    expect(log.read(0).entries.map(({ count }) => count)).toEqual([1, 2]);
  });

  test("says how much was too much to be heard", () => {
    const log = new ConsoleLog();
    log.called(said("heard"));
    log.lost();
    log.lost();
    log.called(said("heard again"));
    expect(log.read(0)).toMatchObject({ entries: [{ id: 1 }, { id: 4 }], missed: 2, next: 4 });
    expect(log.read(4)).toEqual({ entries: [], missed: 0, next: 4 });
  });

  test("has no control characters, and no wrong times", () => {
    const log = new ConsoleLog();
    log.called({ ...said("a\u001b[31m\u0007b\nc"), timestamp: Number.NaN });
    expect(log.read(0).entries[0]).toMatchObject({ text: "a[31mb\nc", time: expect.any(String) });
  });
});

const request = (requestId: string, loaderId = "L"): Protocol.Network.RequestWillBeSentEvent =>
  ({
    requestId,
    loaderId,
    request: { method: "GET", url: `http://a/${requestId}` },
    type: "Fetch",
    timestamp: 1,
    wallTime: 1_700_000_000,
  }) as Protocol.Network.RequestWillBeSentEvent;

describe("requests", () => {
  test("are entries when they end, and under way before", () => {
    const log = new NetworkLog();
    log.began(request("1"));
    log.began(request("2"));
    expect(log.pending().map(({ url }) => url)).toEqual(["http://a/1", "http://a/2"]);
    log.answered("1", { status: 200, mimeType: "text/html" } as Protocol.Network.Response);
    log.finished({ requestId: "1", timestamp: 1.5, encodedDataLength: 321 });
    log.failed({ requestId: "2", timestamp: 2, type: "Fetch", errorText: "net::ERR_FAILED" });
    expect(log.read(0).entries).toMatchObject([
      { id: 1, status: 200, type: "fetch", bytes: 321, ms: 500, failed: null },
      { id: 2, status: null, bytes: null, ms: 1000, failed: "net::ERR_FAILED" },
    ]);
    expect(log.pending()).toEqual([]);
  });

  test("of a document that has gone are waited for no more", () => {
    const log = new NetworkLog();
    log.began(request("1", "old"));
    log.began(request("2", "new"));
    log.forget("new");
    expect(log.pending().map(({ url }) => url)).toEqual(["http://a/2"]);
  });

  test("that a page begins without end are bounded", () => {
    const log = new NetworkLog();
    for (let n = 0; n < 10_000; n++) log.began(request(String(n)));
    expect(log.pending().length).toBe(500);
    expect(log.read(0)).toEqual({ entries: [], missed: 9500, next: 9500 });
  });
});

test("a document's states come in order, and a restored one has them all", () => {
  const loads = new Loads();
  loads.commit("A", false);
  expect(loads.reached("A")).toBe("commit");
  expect(loads.reach("A", "load")).toBe("load");
  loads.reach("A", "DOMContentLoaded");
  expect(loads.reach("A", "firstPaint")).toBeNull();
  expect([loads.has("A", "load"), loads.has("A", "networkidle")]).toEqual([true, false]);
  loads.answered("A", 404);
  loads.commit("B", true);
  expect([loads.current, loads.has("B", "networkidle")]).toEqual(["B", true]);
  for (let n = 0; n < 100; n++) loads.reach(`other ${n}`, "init");
  for (let n = 0; n < 100; n++) loads.reach(`other ${n}`, "load");
  expect([loads.has("B", "load"), loads.status("A")]).toEqual([true, null]);
});
