import { expect, test } from "bun:test";
import { Activity } from "../../../../daemon/sessions/activity.ts";

test("a session is in use while anything is held, and from then on idle", () => {
  let now = 1000;
  const activity = new Activity(() => now);
  expect(activity.lastUsed("s")).toBeUndefined();
  const [first, second] = [activity.hold("s"), activity.hold("s")];
  now = 5000;
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  now = 6000;
  expect(activity.lastUsed("s")).toBe(6000);
  second[Symbol.dispose]();
  now = 9000;
  expect(activity.lastUsed("s")).toBe(6000);
});

test("what was held when the session ended says nothing of its next life", () => {
  let now = 1000;
  const activity = new Activity(() => now);
  const old = activity.hold("s");
  activity.forget("s");
  const next = activity.hold("s");
  now = 2000;
  old[Symbol.dispose]();
  now = 3000;
  expect(activity.lastUsed("s")).toBe(3000);
  next[Symbol.dispose]();
  activity.forget("s");
  expect(activity.lastUsed("s")).toBeUndefined();
});
