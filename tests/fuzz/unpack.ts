import {
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
import { dirname, join, resolve } from "node:path";
import { openLocalFolder } from "../../cli/copy/local.ts";
import { unpackTree } from "../../cli/copy/unpack.ts";
import { hostileArchive } from "./archives.ts";
import { chunks, demand, type Random } from "./target.ts";

/**
 * What `cp` unpacks out of a workstation: whatever comes, nothing is outside of the folder afterwards,
 * no link leads there, nothing is set-id, and nothing lies about half done.
 */
export async function fuzzUnpack(random: Random): Promise<void> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "nexora-fuzz-")));
  const [folder, outside] = [join(base, "inside"), join(base, "outside")];
  try {
    for (const path of [folder, outside]) mkdirSync(path);
    writeFileSync(join(outside, "mine"), "mine");
    // Links that were there before are passed through by nobody.
    if (random(2) === 0) symlinkSync(outside, join(folder, random(2) === 0 ? "a" : "b"));
    const planted = readdirSync(folder);
    const bytes = await hostileArchive(random);
    using opened = openLocalFolder(folder, new Set());
    const name = random(3) === 0 ? null : "t";
    const source = inPieces(random, bytes);
    await unpackTree({ source, folder: opened, name, skipped() {} }).catch((error) =>
      demand(!isBug(error), () => String(error?.stack)),
    );
    check(folder, base, planted);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

function check(folder: string, base: string, planted: string[]): void {
  const outside = join(base, "outside");
  const whole = readFileSync(join(outside, "mine"), "utf8") === "mine";
  const alone = readdirSync(base).length === 2 && readdirSync(outside).length === 1;
  demand(whole && alone, () => "something was written outside the folder");
  for (const at of treeOf(folder)) {
    const path = at.slice(folder.length + 1);
    if (planted.includes(path)) continue;
    const stats = lstatSync(at);
    const isLink = stats.isSymbolicLink();
    demand(isLink || (stats.mode & 0o7000) === 0, () => `${path} is set-id`);
    demand(!path.includes(".nexora-"), () => `${path} was left behind`);
    demand(isLink || stats.isFile() || stats.isDirectory(), () => `${path} is a special file`);
    if (isLink && planted.length === 0) checkLink(at, folder);
  }
}

/** All that is below a folder, without following links. */
function* treeOf(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    yield path;
    if (entry.isDirectory()) yield* treeOf(path);
  }
}

function checkLink(at: string, folder: string): void {
  const target = existsSync(at) ? realpathSync(at) : resolve(dirname(at), readlinkSync(at));
  const stays = target === folder || target.startsWith(`${folder}/`);
  demand(stays, () => `${at} leads to ${target}, out of ${folder}`);
}

async function* inPieces(random: Random, bytes: Uint8Array) {
  yield* chunks(random, bytes);
}

/** Whatever else it is, a stranger's archive may be the reason. */
function isBug(error: unknown): boolean {
  return !(error instanceof Error) || /^(Type|Range|Reference)Error$/.test(error.name);
}
