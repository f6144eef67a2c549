import { expect, test } from "bun:test";
import { endOf } from "../../../src/contract/keys.ts";

test.each([
  ["2027-01-31", "2027-02-01T00:00:00.000Z"],
  ["2028-02-29", "2028-03-01T00:00:00.000Z"],
  ["2027-01-31T12:00:00Z", "2027-01-31T12:00:00.000Z"],
  ["2027-01-31T12:00+02:00", "2027-01-31T10:00:00.000Z"],
  ["2027-02-29", null],
  ["2027-13-01", null],
  ["2027-02-31T12:00:00Z", null],
  ["2027-01-31T25:00:00Z", null],
])("%s is over at %p", (text, expected) => {
  expect(endOf(text)?.toISOString() ?? null).toBe(expected);
});
