import { expect, test } from "bun:test";
import { TabIds } from "../../../../daemon/browser/tab-ids.ts";

test("tabs are numbered as they come, and keep their ids", () => {
  const ids = new TabIds();
  expect(ids.of({ targetId: "A", url: "about:blank" })).toBe("t1");
  expect(ids.of({ targetId: "B", url: "about:blank" })).toBe("t2");
  expect(ids.of({ targetId: "A", url: "http://elsewhere/" })).toBe("t1");
  ids.forget("B");
  expect(ids.of({ targetId: "B", url: "about:blank" })).toBe("t3");
});

test("those that come back after a restart have the ids that they had", () => {
  const ids = new TabIds();
  for (const targetId of ["A", "B", "C"]) ids.of({ targetId, url: "" });
  ids.await([
    { id: "t1", url: "http://a/" },
    { id: "t2", url: "http://b/" },
    { id: "t3", url: "http://b/" },
  ]);
  expect(ids.of({ targetId: "X", url: "http://b/" })).toBe("t2");
  expect(ids.of({ targetId: "Y", url: "http://new/" })).toBe("t4");
  expect(ids.of({ targetId: "Z", url: "http://b/" })).toBe("t3");
  expect(ids.missing()).toEqual([{ id: "t1", url: "http://a/" }]);
});
