import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmod, copyFile, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MasterKeyFile } from "../../../../daemon/vault/master-key.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "nexora-key-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const file = (env = {}) => MasterKeyFile.of(home, env);
const nothing: ReadonlySet<string> = new Set();
const secrets = () => join(home, "secrets");

describe("the master key", () => {
  test("is made on first use, in a folder and a file that are only the user's", async () => {
    expect(await file().read(nothing)).toBeNull();
    expect(await readdir(home)).toEqual([]);
    const { id, bytes } = await file().create();
    expect(bytes.length).toBe(32);
    expect((await stat(secrets())).mode & 0o777).toBe(0o700);
    expect((await stat(join(secrets(), "master.key"))).mode & 0o777).toBe(0o600);
    expect(await file().read(nothing)).toMatchObject({ id });
    expect(await readdir(secrets())).toEqual(["master.key"]);
  });

  test.each([
    ["secrets/master.key", 0o640, "chmod 600"],
    ["secrets/master.key", 0o604, "chmod 600"],
    ["secrets", 0o750, "chmod 700"],
    ["secrets", 0o701, "chmod 700"],
  ])("%s with mode %o is refused with the command that repairs it", async (name, mode, command) => {
    await file().create();
    const path = join(home, name);
    await chmod(path, mode);
    await expect(file().read(nothing)).rejects.toMatchObject({
      code: "config_invalid",
      hint: `run \`${command} ${path}\``,
    });
  });

  test("is in the file that the user names, as bytes or in base64", async () => {
    const path = join(home, "chosen");
    const chosen = file({ NEXORA_MASTER_KEY_FILE: path });
    await expect(chosen.read(nothing)).rejects.toMatchObject({
      code: "config_invalid",
      hint: expect.stringContaining("NEXORA_MASTER_KEY_FILE"),
    });
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    await Bun.write(path, bytes);
    await chmod(path, 0o600);
    const raw = await chosen.read(nothing);
    await Bun.write(path, `${Buffer.from(bytes).toString("base64")}\n`);
    expect(await chosen.read(nothing)).toEqual(raw);
    await chmod(path, 0o644);
    await expect(chosen.read(nothing)).rejects.toMatchObject({
      hint: `run \`chmod 600 ${path}\``,
    });
  });
});

describe("a change of the master key that was cut off", () => {
  test("is undone while the records have the old one", async () => {
    const old = await file().create();
    await file().createNext();
    expect(await file().read(new Set([old.id]))).toEqual(old);
    expect(await readdir(secrets())).toEqual(["master.key"]);
  });

  test("is finished once they have the new one", async () => {
    await file().create();
    const next = await file().createNext();
    expect(await file().read(new Set([next.id]))).toEqual(next);
    expect(await readdir(secrets())).toEqual(["master.key"]);
    expect(await file().read(new Set([next.id]))).toEqual(next);
  });

  test("stops the start when the new one cannot be read, and may be the one in force", async () => {
    const old = await file().create();
    const next = await file().createNext();
    await copyFile(join(home, "secrets/master.key.next"), join(home, "saved"));
    await Bun.write(join(home, "secrets/master.key.next"), "half a k");
    await expect(file().read(new Set([next.id]))).rejects.toMatchObject({ code: "config_invalid" });
    expect(await file().read(new Set([old.id]))).toEqual(old);
  });
});
