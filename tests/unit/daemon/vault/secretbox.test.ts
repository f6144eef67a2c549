import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecretBox } from "../../../../daemon/vault/secretbox.ts";

describe("a sealed text", () => {
  const box = new SecretBox(randomBytes(32));

  test.each(["", "pa55word", "äöß 漢字 🙂\n\0", "x".repeat(100_000)])("opens again", (text) => {
    expect(box.open(box.seal(text, "row"), "row")).toBe(text);
  });

  test("is never the same twice and does not contain the text", () => {
    const [first, second] = [box.seal("pa55word", "row"), box.seal("pa55word", "row")];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, "base64url").toString("latin1")).not.toContain("pa55word");
  });

  test("does not open for another row", () => {
    const sealed = box.seal("secret", "session:a:vnc");
    expect(() => box.open(sealed, "session:b:vnc")).toThrow(/session:b:vnc cannot be decrypted/);
  });

  test("does not open with another key", () => {
    const sealed = new SecretBox(randomBytes(32)).seal("secret", "row");
    expect(() => box.open(sealed, "row")).toThrow(/cannot be decrypted/);
  });

  test("does not open when any byte of it was changed", () => {
    const sealed = box.seal("secret", "row");
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      expect(() => box.open(`v1.${changed.toString("base64url")}`, "row")).toThrow(/decrypted/);
    }
  });

  test.each(["", "v1.", "v1.AAAA", "v2.", "not sealed at all"])("is not %p", (text) => {
    expect(() => box.open(text, "row")).toThrow(expect.objectContaining({ code: "store_failed" }));
  });
});

const forHome = (home: string, sealed = { sessions: 0, profiles: 0 }) =>
  SecretBox.forHome(home, async () => sealed);

describe("the key of a home", () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "nexora-key-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  test("is made once, only for its owner, and leaves nothing beside it", async () => {
    const sealed = (await forHome(home)).seal("secret", "row");
    expect((await stat(join(home, "secret.key"))).mode & 0o777).toBe(0o600);
    expect((await forHome(home)).open(sealed, "row")).toBe("secret");
    expect(await readdir(home)).toEqual(["secret.key"]);
  });

  test("is one key, however many make it at once", async () => {
    const boxes = await Promise.all(Array.from({ length: 10 }, () => forHome(home)));
    const sealed = boxes[0]?.seal("secret", "row") ?? "";
    for (const box of boxes) expect(box.open(sealed, "row")).toBe("secret");
  });

  test("is refused when others may read it", async () => {
    await forHome(home);
    await chmod(join(home, "secret.key"), 0o644);
    await expect(forHome(home)).rejects.toMatchObject({
      code: "config_invalid",
      hint: expect.stringContaining("chmod 600"),
    });
  });

  test("is refused, and not replaced, when it is damaged", async () => {
    await Bun.write(join(home, "secret.key"), "short");
    await expect(forHome(home)).rejects.toMatchObject({ code: "config_invalid" });
    expect(await Bun.file(join(home, "secret.key")).text()).toBe("short");
  });

  test("is not made anew while something is sealed with the one that is missing", async () => {
    for (const [sealed, said] of [
      [{ sessions: 2, profiles: 0 }, "the secrets of 2 sessions were"],
      [{ sessions: 0, profiles: 1 }, "1 browser profile was"],
      [{ sessions: 1, profiles: 3 }, "the secrets of 1 session and 3 browser profiles were"],
    ] as const) {
      await expect(forHome(home, sealed)).rejects.toMatchObject({
        code: "config_invalid",
        message: expect.stringContaining(said),
      });
    }
    expect(await readdir(home)).toEqual([]);
  });

  test("cannot be made in a folder that does not exist", async () => {
    await expect(forHome(join(home, "none"))).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(join(home, "none", "secret.key")),
    });
  });
});
