import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../..");
const runner = "docker/workstation/runner";
const folders = ["src", "cli", "daemon", runner];

interface Import {
  from: string;
  /** Path from the root, or a package's name. */
  to: string;
  dynamic: boolean;
}

const sources = folders.flatMap((folder) =>
  [...new Glob("**/*.ts").scanSync({ cwd: join(root, folder) })]
    .filter((name) => !name.endsWith(".test.ts") && !name.includes("node_modules/"))
    .map((name) => join(folder, name)),
);
const imports = ["nexora.ts", ...sources].flatMap(importsOf);

/** Imports that are left at run time: the transpiler drops those of types only. */
function importsOf(from: string): Import[] {
  const text = readFileSync(join(root, from), "utf8");
  const found = new Bun.Transpiler({ loader: "ts" }).scanImports(text);
  return found.map(({ path, kind }) => ({
    from,
    to: path.startsWith(".") ? normalize(join(dirname(from), path)) : path,
    dynamic: kind !== "import-statement",
  }));
}

/** Also the imports of types, which the folder rules are about as well. */
function allPathsIn(from: string): string[] {
  const text = readFileSync(join(root, from), "utf8");
  const paths = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)];
  return paths.map(([, path = ""]) => normalize(join(dirname(from), path)));
}

function crossing(folder: string, allowed: (to: string) => boolean): string[] {
  return sources
    .filter((from) => from.startsWith(`${folder}/`))
    .flatMap((from) => allPathsIn(from).map((to) => ({ from, to })))
    .filter(({ to }) => !allowed(to))
    .map(({ from, to }) => `${from} → ${to}`);
}

const within =
  (...allowed: string[]) =>
  (to: string) =>
    to === "package.json" || allowed.some((folder) => to.startsWith(`${folder}/`));

describe("imports", () => {
  test("of src/ stay in src/", () => {
    expect(crossing("src", within("src"))).toEqual([]);
  });

  test("of cli/ stay in cli/ and src/", () => {
    expect(crossing("cli", within("cli", "src"))).toEqual([]);
  });

  test("of daemon/ go nowhere near cli/", () => {
    expect(crossing("daemon", (to) => !to.startsWith("cli/"))).toEqual([]);
  });

  test("of the runner stay in the runner and src/", () => {
    expect(crossing(runner, within(runner, "src"))).toEqual([]);
  });

  test("point to files that exist", () => {
    const missing = imports.filter(
      ({ from, to }) =>
        to.includes("/") && within(...folders)(to) && !existsSync(join(root, to)) && from,
    );
    expect(missing).toEqual([]);
  });

  test("have no cycles", () => {
    expect(cycle()).toEqual([]);
  });
});

/** The first cycle of static imports, as the files on it; empty when there is none. */
function cycle(): string[] {
  const next = Map.groupBy(
    imports.filter(({ dynamic }) => !dynamic),
    ({ from }) => from,
  );
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const { to } of next.get(file) ?? []) {
      const found = visit(to, [...path, file]);
      if (found.length > 0) return found;
    }
    done.add(file);
    return [];
  };
  return sources.map((file) => visit(file, [])).find((found) => found.length > 0) ?? [];
}
