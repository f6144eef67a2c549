import { expect, test } from "bun:test";
import { changedPart } from "../../../../../daemon/browser/pages/snapshot-changes.ts";

const before = `page "Shop"
 navigation
  link "Home" @e1
  link "Cart" @e2
 main
  list
   item "Tea" @e3
   item "Milk" @e4
 footer`;

test("what is the same has no changes", () => {
  expect(changedPart(before, before)).toBe("");
});

test("a line that changes is shown inside of what it stands in", () => {
  const after = before.replace('"Milk" @e4', '"Milk" @e4 [selected]');
  expect(changedPart(before, after)).toBe(`  page "Shop"
   main
    list
-    item "Milk" @e4
+    item "Milk" @e4 [selected]`);
});

test("what comes and goes in several places names each place once", () => {
  const after = before
    .replace('  link "Cart" @e2\n', "")
    .replace(" footer", '   item "Rum" @e5\n   item "Oil" @e6\n footer');
  expect(changedPart(before, after)).toBe(`  page "Shop"
   navigation
-   link "Cart" @e2
   main
    list
+    item "Rum" @e5
+    item "Oil" @e6`);
});

test("of a large change the first lines are shown, and how many more there are", () => {
  const long = Array.from({ length: 3000 }, (_, at) => ` row ${at}`).join("\n");
  const lines = changedPart("page", `page\n${long}`).split("\n");
  expect(lines).toHaveLength(401);
  expect(lines.at(-1)).toContain("2601 more lines");
});

test("two pages of which nothing is alike, and too long to compare, are compared", () => {
  const page = (name: string) =>
    Array.from({ length: 5000 }, (_, at) => `${name} ${at}`).join("\n");
  expect(changedPart(page("a"), page("b"))).toContain("more lines");
});
