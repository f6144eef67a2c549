import { expect, test } from "bun:test";
import { KeyedMutex } from "../../../../daemon/sessions/keyed-mutex.ts";
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

test("actions of one key never overlap, others do not wait", async () => {
  const mutex = new KeyedMutex();
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = mutex.run("a", async () => {
    await gate.promise;
    seen.push("a1");
  });
  const second = mutex.run("a", async () => void seen.push("a2"));
  await mutex.run("b", async () => void seen.push("b"));
  gate.resolve();
  await Promise.all([first, second]);
  expect(seen).toEqual(["b", "a1", "a2"]);
});

test("a failed action lets the next one in", async () => {
  const mutex = new KeyedMutex();
  const failed = mutex.run("a", () => Promise.reject(new Error("no")));
  const next = mutex.run("a", async () => "in");
  expect(failed).rejects.toThrow("no");
  expect(await next).toBe("in");
});
