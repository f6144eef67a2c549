import { expect, test } from "bun:test";
import { stageOf } from "../../../../daemon/vault/key-expiry.ts";

const end = new Date("2027-01-31T00:00:00Z");

test.each([
  ["2027-01-01T00:00:00Z", null],
  ["2027-01-23T23:59:59Z", null],
  ["2027-01-24T00:00:00Z", "week"],
  ["2027-01-29T23:59:59Z", "week"],
  ["2027-01-30T00:00:00Z", "day"],
  ["2027-01-30T23:59:59Z", "day"],
  ["2027-01-31T00:00:00Z", "expired"],
] as const)("at %s a key that ends on January 31 is said to be near its end: %p", (now, stage) => {
  expect(stageOf(end, new Date(now))).toBe(stage);
});

test("a key without an end is never near it", () => {
  expect(stageOf(null, new Date())).toBeNull();
});
