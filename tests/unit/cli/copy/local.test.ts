import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identityOf } from "../../../../cli/copy/folder.ts";
import { openLocal, openLocalFolder } from "../../../../cli/copy/local.ts";
import { Swapper } from "../../../support/swapper.ts";

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "nexora-local-")));
  for (const path of ["ws/in/deep", "ws/inner/x", "home/real", "secret"]) {
    mkdirSync(join(base, path), { recursive: true });
  }
});
afterEach(() => rmSync(base, { recursive: true }));

const at = (path: string) => join(base, path);
const workspaces = () =>
  new Set(["ws", "ws/inner"].map((path) => identityOf(lstatSync(at(path), { bigint: true }))));

/** Where a path leads, below the test's folder. */
function opened(path: string): string {
  using folder = openLocalFolder(path.startsWith("/") ? path : at(path), workspaces());
  return realpathSync(folder.at(".")).slice(base.length + 1);
}

test.each([
  ["home/real", "home/real"],
  ["home/real/../../ws/./in//deep/", "ws/in/deep"],
  ["ws/in/deep/../../../home", "home"],
  ["ws/../../../../../../../..", ""],
])("%s leads to where it says", (path, expected) => {
  if (expected === "") expect(opened(path)).toBe("");
  else expect(opened(path)).toBe(expected);
});

test("what is not there, what is a file, and a circle of links are told by the user's path", () => {
  writeFileSync(at("home/file"), "");
  symlinkSync("circle", at("home/circle"));
  for (const [path, words] of [
    ["home/none", "it does not exist"],
    ["home/file", "part of the path is a file"],
    ["home/circle", "its links lead in a circle"],
  ] as const) {
    expect(() => opened(path)).toThrow(`cannot read ${at(path)}: ${words}`);
  }
});

test("a relative path begins in the current folder", () => {
  using here = openLocalFolder(".", new Set());
  expect(realpathSync(here.at("."))).toBe(realpathSync(process.cwd()));
});

describe("a link of the user's own, outside of every workspace", () => {
  test.each([
    ["relative", () => "real"],
    ["absolute", () => at("home/real")],
    ["by way of the folder above", () => "../home/real"],
    ["into a workspace", () => at("ws/in")],
  ])("is followed: %s", (_, target) => {
    symlinkSync(target(), at("home/link"));
    expect(opened("home/link")).toBe(target().endsWith("in") ? "ws/in" : "home/real");
  });
});

describe("a link in a workspace", () => {
  test.each([
    ["in/link", "deep", "ws/in/deep"],
    ["in/link", "../in/deep/..", "ws/in"],
    ["inner/link", "x", "ws/inner/x"],
  ])("is followed as far as it stays in there: %s to %s", (link, target, expected) => {
    symlinkSync(target, join(base, "ws", link));
    expect(opened(`ws/${link}`)).toBe(expected);
  });

  test.each([
    ["results", () => at("secret")],
    ["results", () => "../secret"],
    ["results", () => "in/../../secret"],
    ["results", () => ".."],
    // An absolute one says nothing about the host inside, and may be swapped above.
    ["results", () => at("ws/in")],
    // Another session's workspace around its own is not its own.
    ["inner/results", () => "../in"],
  ])("is refused when it leads out: %s", (link, target) => {
    symlinkSync(target(), join(base, "ws", link));
    for (const path of [`ws/${link}`, `ws/${link}/.`, `ws/${link}/../results`]) {
      expect(() => opened(path)).toThrow("is in the workspace of a session and leads out of it");
    }
    symlinkSync(at(`ws/${link}`), at("home/through"));
    expect(() => opened("home/through")).toThrow("leads out of it");
  });

  test("at the very end of a path is the thing itself", () => {
    symlinkSync(at("secret"), at("ws/results"));
    const { folder, entry } = openLocal(at("ws/results"), workspaces());
    using held = folder;
    expect([held.path, entry, held.linkAt("results")]).toEqual([at("ws"), "results", at("secret")]);
  });

  test("that takes a folder's place again and again never leads out", async () => {
    symlinkSync(at("secret"), at("ws/link"));
    writeFileSync(at("secret/mark"), "out");
    writeFileSync(at("ws/in/mark"), "in");
    await using _swapper = await Swapper.start(at("ws/in"), at("ws/link"));
    for (let round = 0; round < 300; round++) {
      let folder: ReturnType<typeof openLocalFolder>;
      try {
        folder = openLocalFolder(at("ws/in"), workspaces());
      } catch {
        continue;
      }
      using held = folder;
      expect(readFileSync(held.at("mark"), "utf8")).toBe("in");
    }
  });
});
