import { expect, test } from "bun:test";
import { MemoryKills } from "../../../../../daemon/drivers/docker/memory-kills.ts";

test("a kill that is told after the end counts, and is waited for only just after it", async () => {
  const kills = new MemoryKills();
  const late = [kills.by("s_one", Date.now()), kills.by("s_one", Date.now())];
  kills.note("s_one");
  expect(await Promise.all(late)).toEqual([true, true]);
  expect(await kills.by("s_one", 0)).toBe(true);
  kills.forget("s_one");
  expect(await kills.by("s_one", 0)).toBe(false);
  expect(await kills.by("s_other", Date.now() - 450)).toBe(false);
});
