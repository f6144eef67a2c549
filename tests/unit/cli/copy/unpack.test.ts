import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Header, pack } from "tar-stream";
import { openLocal, openLocalFolder } from "../../../../cli/copy/local.ts";
import { packTree } from "../../../../cli/copy/pack.ts";
import { unpackTree } from "../../../../cli/copy/unpack.ts";
import { Swapper } from "../../../support/swapper.ts";

let base: string;
let folder: string;
let skipped: string[];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "nexora-unpack-"));
  folder = join(base, "inside");
  mkdirSync(folder);
  skipped = [];
});
afterEach(() => rmSync(base, { recursive: true }));

/** A tar stream as a hostile workstation may send it. */
function archive(...entries: [Partial<Header> & { name: string }, string?][]) {
  const tar = pack();
  for (const [header, content] of entries) tar.entry(header, content ?? "");
  tar.finalize();
  return tar as unknown as AsyncIterable<Uint8Array>;
}

async function unpack(source: AsyncIterable<Uint8Array>, name: string | null = "t") {
  using opened = openLocalFolder(folder, new Set());
  await unpackTree({ source, folder: opened, name, skipped: (path) => skipped.push(path) });
}

/** A file or folder as a tar archive. */
async function packed(path: string, name: string | null): Promise<AsyncIterable<Uint8Array>> {
  const { folder: opened, entry } = openLocal(path, new Set());
  using parent = opened;
  const archive = packTree({ folder: parent, entry, name, skipped: (it) => skipped.push(it) });
  const bytes = Buffer.concat(await Array.fromAsync(archive));
  return (async function* () {
    yield bytes;
  })();
}

describe("what was packed comes out the same", () => {
  test("files, modes, empty files, folders, links and odd names", async () => {
    const tree = join(base, "tree");
    mkdirSync(join(tree, "sub", "empty"), { recursive: true });
    writeFileSync(join(tree, "big"), Buffer.alloc(300_000, 7));
    writeFileSync(join(tree, "none"), "");
    writeFileSync(join(tree, "sub", `${"n".repeat(120)} ä\n`), "x");
    writeFileSync(join(tree, "run"), "#!/bin/sh\n");
    chmodSync(join(tree, "run"), 0o755);
    symlinkSync("../big", join(tree, "sub", "link"));
    await unpack(await packed(tree, "top"), "copy");
    const copy = join(folder, "copy");
    expect(readdirSync(copy, { recursive: true }).sort()).toEqual(
      readdirSync(tree, { recursive: true }).sort(),
    );
    expect(readFileSync(join(copy, "big")).equals(Buffer.alloc(300_000, 7))).toBe(true);
    expect(lstatSync(join(copy, "run")).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(copy, "sub", "link"))).toBe("../big");
    expect(skipped).toEqual([]);
  });

  test("a single file under another name, over an old one", async () => {
    writeFileSync(join(base, "f"), "new");
    writeFileSync(join(folder, "g"), "old");
    await unpack(await packed(join(base, "f"), "f"), "g");
    expect(readFileSync(join(folder, "g"), "utf8")).toBe("new");
  });

  test("the content of a folder, without the folder", async () => {
    await unpack(archive([{ name: "t/a" }, "1"], [{ name: "t/b/c" }, "2"]), null);
    expect(readdirSync(folder).sort()).toEqual(["a", "b"]);
  });
});

describe("a hostile archive", () => {
  test.each(["/etc/x", "../x", "t/../../x", "t/a/../../../x"])("cannot name %s", async (name) => {
    await expect(unpack(archive([{ name }, "evil"]))).rejects.toThrow("written outside the folder");
    expect(readdirSync(base)).toEqual(["inside"]);
  });

  test("cannot write through a link that it made", async () => {
    mkdirSync(join(folder, "t"));
    symlinkSync(base, join(folder, "t", "out"));
    const entries = archive([{ name: "t/out/x" }, "evil"]);
    await expect(unpack(entries)).rejects.toThrow("written outside the folder");
    expect(existsSync(join(base, "x"))).toBe(false);
  });

  test.each(["/etc", "../..", "a/../../.."])(
    "cannot leave a link to %s behind",
    async (linkname) => {
      await unpack(
        archive([{ name: "t/l", type: "symlink", linkname }], [{ name: "t/ok" }, "fine"]),
      );
      expect(skipped).toEqual(["t/l"]);
      expect(readdirSync(join(folder, "t"))).toEqual(["ok"]);
    },
  );

  test("cannot lead out of the folder by a link through a link", async () => {
    writeFileSync(join(base, "secret"), "mine");
    const links = archive(
      [{ name: "t/d1", type: "symlink", linkname: "." }],
      [{ name: "t/x", type: "symlink", linkname: "d1/.." }],
      [{ name: "t/y", type: "symlink", linkname: "d1/../d1/../secret" }],
      [{ name: "t/s/up", type: "symlink", linkname: "../d1" }],
    );
    await unpack(links);
    expect(skipped).toEqual(["t/x", "t/y"]);
    for (const name of ["d1", "s/up"]) {
      expect(realpathSync(join(folder, "t", name))).toStartWith(realpathSync(folder));
    }
  });

  test("replaces a link at the target and does not follow it", async () => {
    writeFileSync(join(base, "victim"), "mine");
    symlinkSync(join(base, "victim"), join(folder, "t"));
    await unpack(archive([{ name: "t" }, "evil"]));
    expect(readFileSync(join(base, "victim"), "utf8")).toBe("mine");
    expect(readFileSync(join(folder, "t"), "utf8")).toBe("evil");
  });

  test("cannot take a file from outside by a hard link", async () => {
    writeFileSync(join(base, "secret"), "mine");
    const hard = archive([{ name: "t/h", type: "link", linkname: "../secret" }]);
    await expect(unpack(hard)).rejects.toThrow("written outside the folder");
  });

  test("gets no device, pipe or set-uid file", async () => {
    await unpack(
      archive(
        [{ name: "t/dev", type: "character-device", devmajor: 1, devminor: 3 }],
        [{ name: "t/fifo", type: "fifo" }],
        [{ name: "t/su", mode: 0o4755 }, "x"],
      ),
    );
    expect(skipped).toEqual(["t/dev", "t/fifo"]);
    expect(lstatSync(join(folder, "t", "su")).mode & 0o7777).toBe(0o755);
  });

  test("that is cut off is an error, and what was there stays whole", async () => {
    writeFileSync(join(folder, "t"), "old");
    const chunks: Uint8Array[] = [];
    for await (const chunk of archive([{ name: "t" }, "x".repeat(2000)])) chunks.push(chunk);
    const cut = Buffer.concat(chunks).subarray(0, 1500);
    const source = (async function* () {
      yield cut;
    })();
    await expect(unpack(source)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["t"]);
    expect(readFileSync(join(folder, "t"), "utf8")).toBe("old");
  });

  test("whose links and devices are left out takes nothing away for them", async () => {
    mkdirSync(join(folder, "t"));
    for (const name of ["l", "dev"]) writeFileSync(join(folder, "t", name), "old");
    await unpack(
      archive(
        [{ name: "t/l", type: "symlink", linkname: "/etc" }],
        [{ name: "t/dev", type: "fifo" }],
      ),
    );
    for (const name of ["l", "dev"]) {
      expect(readFileSync(join(folder, "t", name), "utf8")).toBe("old");
    }
  });
});

describe("a program that swaps what is copied, without a pause", () => {
  const text = async (source: AsyncIterable<Uint8Array>) =>
    Buffer.concat(await Array.fromAsync(source)).toString("latin1");

  test("gets nothing written to where its link leads", async () => {
    const elsewhere = join(base, "elsewhere");
    for (const path of [elsewhere, join(folder, "t"), join(folder, "t/sub")]) mkdirSync(path);
    symlinkSync(elsewhere, join(folder, "link"));
    await using _swapper = await Swapper.start(join(folder, "t/sub"), join(folder, "link"));
    const files = ["a", "b", "c", "d"].map((name): [{ name: string }, string] => [
      { name: `t/sub/${name}` },
      "evil",
    ]);
    const seen = new Set<string>();
    for (let round = 0; round < 150 || seen.size < 2; round++) {
      const done = unpack(archive(...files)).then(() => "written");
      seen.add(await done.catch((error: Error) => error.message.slice(-18)));
    }
    expect(readdirSync(elsewhere)).toEqual([]);
    expect([...seen].sort()).toEqual(["outside the folder", "written"]);
  });

  test.each(["file", "folder"])(
    "gets nothing read through its link in place of a %s",
    async (kind) => {
      const [tree, secret] = [join(base, "tree"), join(base, "secret")];
      mkdirSync(tree);
      if (kind === "file") {
        writeFileSync(secret, "for root only");
        writeFileSync(join(tree, "it"), "for everybody");
      } else {
        for (const path of [secret, join(tree, "it")]) mkdirSync(path);
        writeFileSync(join(secret, "f"), "for root only");
        writeFileSync(join(tree, "it/f"), "for everybody");
      }
      symlinkSync(secret, join(base, "link"));
      await using _swapper = await Swapper.start(join(tree, "it"), join(base, "link"));
      const seen = new Set<boolean>();
      for (let round = 0; round < 300 || seen.size < 2; round++) {
        const got = await packed(tree, "t").then(text, (error: Error) => error.message);
        expect(got).not.toContain("for root only");
        seen.add(got.includes("for everybody"));
      }
    },
  );
});
