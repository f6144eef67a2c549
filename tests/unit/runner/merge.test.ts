import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergeFolder } from "../../../docker/workstation/runner/merge.ts";

let base: string;
let from: string;
let to: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "nexora-merge-"));
  [from, to] = [join(base, "from"), join(base, "to")];
  for (const folder of [from, to]) mkdirSync(join(folder, "both"), { recursive: true });
});
afterEach(() => rmSync(base, { recursive: true }));

test("files are replaced, folders merged, and what else is there stays", async () => {
  writeFileSync(join(from, "file"), "new");
  writeFileSync(join(to, "file"), "old");
  writeFileSync(join(from, "both", "a"), "new");
  writeFileSync(join(to, "both", "b"), "old");
  mkdirSync(join(from, "tree", "deep"), { recursive: true });
  writeFileSync(join(from, "tree", "deep", "c"), "new");
  symlinkSync("deep/c", join(from, "tree", "link"));
  await mergeFolder(from, to);
  expect(readFileSync(join(to, "file"), "utf8")).toBe("new");
  expect(readdirSync(join(to, "both")).sort()).toEqual(["a", "b"]);
  expect(readlinkSync(join(to, "tree", "link"))).toBe("deep/c");
  expect(readFileSync(join(to, "tree", "link"), "utf8")).toBe("new");
});

test("a folder takes the place of a link, and is not merged into where that leads", async () => {
  mkdirSync(join(base, "elsewhere"));
  symlinkSync(join(base, "elsewhere"), join(to, "tree"));
  mkdirSync(join(from, "tree"));
  writeFileSync(join(from, "tree", "a"), "new");
  await mergeFolder(from, to);
  expect(lstatSync(join(to, "tree")).isDirectory()).toBe(true);
  expect(readdirSync(join(base, "elsewhere"))).toEqual([]);
});

test("folders without write permission are moved, and keep their mode", async () => {
  for (const name of ["both", "new"]) {
    mkdirSync(join(from, name), { recursive: true });
    writeFileSync(join(from, name, "a"), "new");
    chmodSync(join(from, name), 0o555);
  }
  await mergeFolder(from, to);
  expect(readFileSync(join(to, "both", "a"), "utf8")).toBe("new");
  expect(lstatSync(join(to, "new")).mode & 0o777).toBe(0o555);
});

test("a file does not replace a folder", async () => {
  writeFileSync(join(from, "dir"), "new");
  mkdirSync(join(to, "dir"));
  await expect(mergeFolder(from, to)).rejects.toThrow("EISDIR");
});
