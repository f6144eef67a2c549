import { describe, expect, test } from "bun:test";
import { placementOf, readLocation } from "../../../../cli/copy/location.ts";

test.each([
  ["dev:/tmp/x", { session: "dev", path: "/tmp/x" }],
  [":out.log", { session: "", path: "out.log" }],
  ["@:a:b", { session: "@", path: "a:b" }],
  ["./a:b", { session: null, path: "./a:b" }],
  ["/srv/a:b", { session: null, path: "/srv/a:b" }],
  ["plain", { session: null, path: "plain" }],
  ["dev:~/x", { session: "dev", path: "~/x" }],
  ["-", { session: null, path: "-" }],
])("%s is read as %j", (word, expected) => {
  expect(readLocation(word)).toEqual(expected);
});

test("a session without a path is an error", () => {
  expect(() => readLocation("dev:")).toThrow("has no path");
});

describe("placementOf follows cp -r", () => {
  test.each([
    [["a/f", "file"], ["d", "directory"], { folder: "d", name: "f" }],
    [["a/f", "file"], ["d/g", "none"], { folder: "d", name: "g" }],
    [["a/f", "file"], ["g", "file"], { folder: ".", name: "g" }],
    [["a/t/", "directory"], ["/d", "directory"], { folder: "/d", name: "t" }],
    [["a/t", "directory"], ["/new/", "none"], { folder: "/", name: "new" }],
    [["a/t/.", "directory"], ["/d", "directory"], { folder: "/d", name: null }],
    [["a/t/.", "directory"], ["/d/new", "none"], { folder: "/d", name: "new" }],
  ] as const)("%j onto %j", ([path, kind], [to, there], expected) => {
    expect(placementOf({ path, kind }, { path: to, kind: there })).toEqual(expected);
  });

  test.each([
    [["t", "directory"], ["f", "file"], "not a folder"],
    [["f", "file"], ["new/", "none"], "does not exist"],
    [["..", "directory"], ["d", "directory"], "has no name"],
    [["~/", "directory"], ["d", "directory"], "has no name"],
  ] as const)("refuses %j onto %j", ([path, kind], [to, there], why) => {
    expect(() => placementOf({ path, kind }, { path: to, kind: there })).toThrow(why);
  });
});
