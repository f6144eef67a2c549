import { expect, test } from "bun:test";
import { Spending } from "../../../../../daemon/gateway/usage/spending.ts";

test("what was spent counts for its day and its month, in UTC", () => {
  const spending = new Spending();
  const at = (text: string) => new Date(text);
  spending.restore("a", { day: 1, month: 10 }, at("2026-11-29T01:00:00Z"));
  spending.add("a", 2, at("2026-11-29T23:59:59.999Z"));
  spending.add("b", 100, at("2026-11-29T12:00:00Z"));
  expect(spending.spent("a", at("2026-11-29T23:59:59.999Z"))).toEqual({ day: 3, month: 12 });
  expect(spending.spent("a", at("2026-11-30T00:00:00Z"))).toEqual({ day: 0, month: 12 });
  spending.add("a", 4, at("2026-11-30T00:00:00Z"));
  expect(spending.spent("a", at("2026-11-30T12:00:00Z"))).toEqual({ day: 4, month: 16 });
  expect(spending.spent("a", at("2026-12-01T00:00:00Z"))).toEqual({ day: 0, month: 0 });
  expect(spending.spent("nobody")).toEqual({ day: 0, month: 0 });
});
