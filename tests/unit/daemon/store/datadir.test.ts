import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDataDir } from "../../../../daemon/store/datadir.ts";

let home: string;
let dataDir: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "nexora-datadir-"));
  dataDir = join(home, "deep", "data");
});
afterEach(() => rm(home, { recursive: true, force: true }));

const fill = async (into: string) => {
  await Bun.write(join(into, "PG_VERSION"), "18\n");
};

test("a missing folder is filled, and only its owner can enter it", async () => {
  await ensureDataDir(dataDir, "18", fill);
  expect(await readdir(dataDir)).toEqual(["PG_VERSION"]);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
});

test("an empty folder is filled", async () => {
  await mkdir(dataDir, { recursive: true });
  await ensureDataDir(dataDir, "18", fill);
  expect(await readdir(dataDir)).toEqual(["PG_VERSION"]);
});

test("a folder that fits is left alone", async () => {
  await fill(dataDir);
  await ensureDataDir(dataDir, "18", () => Promise.reject(new Error("filled again")));
});

test("what an interrupted first start left behind does not matter", async () => {
  await Bun.write(join(`${dataDir}.new`, "half"), "made");
  await ensureDataDir(dataDir, "18", fill);
  expect(await readdir(dataDir)).toEqual(["PG_VERSION"]);
});

test("a failure leaves nothing behind and says why", async () => {
  const failing = async (into: string) => {
    await fill(into);
    throw new Error("the archive is damaged");
  };
  await expect(ensureDataDir(dataDir, "18", failing)).rejects.toMatchObject({
    code: "store_failed",
    message: expect.stringContaining("the archive is damaged"),
  });
  expect(await readdir(join(home, "deep"))).toEqual([]);
});

test("a full disk is named", async () => {
  const full = () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" }));
  await expect(ensureDataDir(dataDir, "18", full)).rejects.toMatchObject({ code: "disk_full" });
});

test("a folder of another version is refused", async () => {
  await Bun.write(join(dataDir, "PG_VERSION"), "17\n");
  await expect(ensureDataDir(dataDir, "18", fill)).rejects.toMatchObject({
    code: "store_failed",
    message: expect.stringMatching(/PostgreSQL 17.*needs 18/),
  });
});

test("a folder of something else is refused and left alone", async () => {
  await Bun.write(join(dataDir, "thesis.txt"), "years of work");
  await expect(ensureDataDir(dataDir, "18", fill)).rejects.toMatchObject({ code: "store_failed" });
  expect(await readdir(dataDir)).toEqual(["thesis.txt"]);
});
