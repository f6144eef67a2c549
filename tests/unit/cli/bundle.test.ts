import { beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";

const root = join(import.meta.dir, "../../..");
const hotPath = ["type", "act", "screen", "exec", "wait", "version"];

interface Output {
  entryPoint?: string;
  imports: { path: string; kind: string }[];
  inputs: Record<string, unknown>;
}

let outputs: Record<string, Output>;

beforeAll(async () => {
  const build = await Bun.build({
    entrypoints: [join(root, "cli/main.ts")],
    target: "bun",
    splitting: true,
    metafile: true,
  });
  expect(build.success).toBe(true);
  outputs = (build.metafile as { outputs: Record<string, Output> }).outputs;
});

/** Source files that are loaded with a chunk: its own and those of what it imports statically. */
function closureOf(chunk: string, seen = new Set<string>()): Set<string> {
  if (seen.has(chunk)) return new Set();
  seen.add(chunk);
  const files = new Set(Object.keys(outputs[chunk]?.inputs ?? {}));
  for (const { path, kind } of outputs[chunk]?.imports ?? []) {
    if (kind !== "import-statement") continue;
    const name = Object.keys(outputs).find((each) => each.endsWith(path.replace(/^\.\//, "")));
    if (name) for (const file of closureOf(name, seen)) files.add(file);
  }
  return files;
}

function chunkOf(source: string): string {
  const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(source));
  if (!found) throw new Error(`no chunk for ${source}`);
  return found[0];
}

describe.each(["cli/main.ts", ...hotPath.map((name) => `cli/commands/${name}.ts`)])(
  "%s",
  (source) => {
    test("loads neither a package nor a schema nor the daemon", () => {
      const files = [...closureOf(chunkOf(source))];
      expect(files.some((file) => file.endsWith(source))).toBe(true);
      const heavy = files.filter((file) =>
        /node_modules|(^|\/)daemon\/|src\/contract\/(?!errors\.ts)|macro/.test(file),
      );
      expect(heavy).toEqual([]);
    });
  },
);

test("the check sees packages where there are some", () => {
  const files = [...closureOf(chunkOf("cli/copy/copy.ts"))];
  expect(files.some((file) => file.includes("node_modules/tar-stream"))).toBe(true);
});

test("no part of the CLI contains zod", () => {
  const all = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  expect(all.filter((file) => /node_modules\/zod|(^|\/)daemon\//.test(file))).toEqual([]);
});
