import { expect, test } from "bun:test";
import { nameFor, newSessionId } from "../../../../daemon/sessions/names.ts";

test.each([
  ["/home/me/Shop_Front", [], "shop-front"],
  ["/home/me/shop", ["shop"], "shop-2"],
  ["/home/me/shop", ["shop", "shop-2"], "shop-3"],
  ["/", [], "desk"],
  [null, ["desk"], "desk-2"],
  ["/srv/çé", [], "desk"],
])("a session on %p gets a free name", (workspace, taken, name) => {
  expect(nameFor(workspace, new Set(taken as string[]))).toBe(name);
});

test("ids are of one form and differ", () => {
  const ids = new Set(Array.from({ length: 100 }, newSessionId));
  expect(ids.size).toBe(100);
  for (const id of ids) expect(id).toMatch(/^s_[0-9a-hjkmnp-tv-z]{10}$/);
});
