import { expect, test } from "bun:test";
import { Edits } from "../../../../daemon/vendors/anthropic/edits.ts";

const place = { session: "s", conversation: "c" };
const edit = (after: string) => ({ before: null, after });

test("the latest edit of a file comes first, and others' are not seen", () => {
  const edits = new Edits();
  const [one, two] = [edit("1"), edit("2")];
  edits.add(place, "a", one);
  edits.add(place, "a", two);
  edits.add(place, "b", edit("3"));
  edits.add({ ...place, conversation: "d" }, "a", edit("4"));
  const latest = edits.last(place, "a");
  expect(latest).toMatchObject(two);
  if (latest) edits.remove(latest);
  expect(edits.last(place, "a")).toMatchObject(one);
  edits.drop("s");
  expect(edits.last(place, "a")).toBeUndefined();
});

test("of too much text the eldest is forgotten", () => {
  const edits = new Edits();
  for (const path of ["a", "b", "c"]) edits.add(place, path, edit("x".repeat(7_000_000)));
  expect(edits.last(place, "a")).toBeUndefined();
  expect(edits.last(place, "b")).toBeDefined();
  expect(edits.last(place, "c")).toBeDefined();
});

test("of too many empty files the eldest is forgotten as well", () => {
  const edits = new Edits();
  const path = (at: number) => `${"p".repeat(4000)}${at}`;
  for (let at = 0; at < 5000; at++) edits.add(place, path(at), edit(""));
  expect(edits.last(place, path(0))).toBeUndefined();
  expect(edits.last(place, path(4999))).toBeDefined();
});
