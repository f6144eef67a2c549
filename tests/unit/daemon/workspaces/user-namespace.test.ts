import { expect, test } from "bun:test";
import { swappingMap } from "../../../../daemon/workspaces/user-namespace.ts";

/** The id outside that a map gives to one inside (user_namespaces(7)). */
function through(map: string, id: number): number[] {
  return map
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number) as [number, number, number])
    .filter(([inside, , count]) => id >= inside && id < inside + count)
    .map(([inside, outside]) => outside + id - inside);
}

test.each([1, 2, 1000, 65534, 4294967294])("0 and %d change places, all others stay", (user) => {
  const map = swappingMap(user);
  expect(through(map, 0)).toEqual([user]);
  expect(through(map, user)).toEqual([0]);
  for (const id of [1, 2, 999, 1000, 1001, 65534, 4294967294]) {
    if (id !== user) expect(through(map, id)).toEqual([id]);
  }
});
