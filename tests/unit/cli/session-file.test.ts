import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSessionFile, writeSessionFile } from "../../../cli/session-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexora-use-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const unfit = expect.objectContaining({
  code: "usage",
  message: expect.stringContaining("is not what `nexora session use` writes"),
});

test("what is written is read, and nothing stays beside it", () => {
  expect(readSessionFile(folder)).toBeNull();
  writeSessionFile(folder, "s_one\n");
  writeSessionFile(folder, "s_two\n");
  expect(readSessionFile(folder)).toBe("s_two");
  expect(readdirSync(join(folder, ".nexora"))).toEqual(["session"]);
});

describe("what a workstation may have put there", () => {
  const file = () => join(folder, ".nexora/session");
  beforeEach(() => mkdirSync(join(folder, ".nexora")));

  test.each<[string, () => unknown]>([
    ["a pipe", () => Bun.spawnSync(["mkfifo", file()])],
    ["a link", () => symlinkSync("/etc/hostname", file())],
    ["a folder", () => mkdirSync(file())],
    ["a large file", () => writeFileSync(file(), "x".repeat(1025))],
    [
      "a sparse file",
      () => {
        writeFileSync(file(), "");
        truncateSync(file(), 2 ** 31);
      },
    ],
  ])("%s is refused by name, at once", (_, put) => {
    put();
    expect(() => readSessionFile(folder)).toThrow(unfit);
  });

  test("a pipe or a link is replaced, and what it leads to stays", () => {
    writeFileSync(join(folder, "precious"), "mine");
    symlinkSync("../precious", file());
    writeSessionFile(folder, "s_one\n");
    expect(lstatSync(file()).isFile()).toBe(true);
    expect(readFileSync(join(folder, "precious"), "utf8")).toBe("mine");
  });
});

test("a folder .nexora that is a link is neither read nor written through", () => {
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(folder, "elsewhere/session"), "s_other\n");
  symlinkSync("elsewhere", join(folder, ".nexora"));
  expect(() => readSessionFile(folder)).toThrow(unfit);
  expect(() => writeSessionFile(folder, "s_one\n")).toThrow(unfit);
  expect(readFileSync(join(folder, "elsewhere/session"), "utf8")).toBe("s_other\n");
});
