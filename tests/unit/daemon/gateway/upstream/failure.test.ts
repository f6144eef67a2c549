import { describe, expect, test } from "bun:test";
import { failureOf, retryAfterOf } from "../../../../../daemon/gateway/upstream/failure.ts";
import { Rests } from "../../../../../daemon/gateway/upstream/rests.ts";

const kindOf = (status: number) => failureOf(status, new Headers(), "")?.kind ?? null;

describe("a status", () => {
  test("says what is to be done", () => {
    expect([401, 402, 403].map(kindOf)).toEqual(["refused", "refused", "refused"]);
    expect(kindOf(429)).toBe("limited");
    expect([500, 502, 503, 529].map(kindOf)).toEqual(["broken", "broken", "broken", "broken"]);
    expect(kindOf(408)).toBe("slow");
    expect([301, 307, 304].map(kindOf)).toEqual(["broken", "broken", "broken"]);
  });

  test("that is the caller's own affair is no failure", () => {
    expect([400, 404, 413, 415, 422].map(kindOf)).toEqual([null, null, null, null, null]);
  });
});

describe("when to come again", () => {
  const after = (headers: Record<string, string>) =>
    retryAfterOf(new Headers(headers), Date.parse("2026-11-21T12:00:00Z"));

  test("is told in seconds, as a date, or in milliseconds", () => {
    expect(after({ "retry-after": "2" })).toBe(2000);
    expect(after({ "retry-after": "0.5" })).toBe(500);
    expect(after({ "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" })).toBe(30_000);
    expect(after({ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" })).toBe(0);
    expect(after({ "retry-after": "2", "retry-after-ms": "1500" })).toBe(1500);
  });

  test("is not known without, or by what is none", () => {
    expect(after({})).toBeNull();
    expect(after({ "retry-after": "soon" })).toBeNull();
    expect(after({ "retry-after": "-5" })).toBeNull();
  });

  test("is kept for so long, and for an hour at most", () => {
    let now = 0;
    const rests = new Rests(() => now);
    rests.rest("a", 2000);
    rests.rest("b", 1e12);
    expect([rests.leftOf("a"), rests.leftOf("b"), rests.leftOf("c")]).toEqual([2000, 3_600_000, 0]);
    now = 2000;
    expect(rests.leftOf("a")).toBe(0);
  });
});
