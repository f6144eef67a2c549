import { expect, test } from "bun:test";
import { Cursors } from "../../../../../daemon/browser/pages/cursors.ts";

test("each caller has a place of its own in each log", () => {
  const cursors = new Cursors();
  const [one, two] = [{}, {}];
  cursors.move(one, "local ada", 7);
  cursors.move(one, "token ci", 3);
  expect([cursors.of(one, "local ada"), cursors.of(one, "token ci")]).toEqual([7, 3]);
  expect([cursors.of(two, "local ada"), cursors.of(one, "token other")]).toEqual([0, 0]);
});

test("of very many callers those that began first are forgotten", () => {
  const cursors = new Cursors();
  const log = {};
  for (let n = 1; n <= 1000; n++) cursors.move(log, `token ${n}`, n);
  expect([cursors.of(log, "token 1"), cursors.of(log, "token 1000")]).toEqual([0, 1000]);
});
