import { expect, test } from "bun:test";
import { EventBudget } from "../../../../daemon/browser/cdp/budget.ts";

test("so many of each kind in a tenth of a second, and then as many again", () => {
  const budget = new EventBudget(2);
  const taken = (kind: string, now: number) => budget.take(kind, now);
  expect([taken("a", 0), taken("a", 10), taken("a", 20), taken("b", 30)]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect([taken("a", 99), taken("a", 100)]).toEqual([false, true]);
});
