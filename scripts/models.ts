/**
 * Writes the snapshot of models and prices that comes with a release, from a checkout of models.dev's
 * repository: `bun scripts/models.ts FOLDER [DATE]`. Its TOML files are put together as it does
 * itself for `api.json` (its README.md, "Reuse Model Metadata"), then read as the daemon reads that.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Glob } from "bun";
import { builtIn } from "../daemon/gateway/providers/built-in.ts";
import { listingFile, sizeOf, writeListing } from "../daemon/gateway/providers/listing.ts";
import { readModelsDev } from "../daemon/gateway/providers/models-dev.ts";

type Table = Record<string, unknown>;

const [folder, date = new Date().toISOString().slice(0, 10)] = process.argv.slice(2);
if (!folder) throw new Error("usage: bun scripts/models.ts FOLDER [YYYY-MM-DD]");

const ids = builtIn.flatMap(({ listedAs }) => listedAs ?? []);
const api = Object.fromEntries(ids.map((id) => [id, { models: modelsOf(folder, id) }]));
const listing = readModelsDev(api, ids, date);
const file = listingFile.parse(writeListing(listing));

// A line for each model, so that a newer snapshot shows what has changed.
const lines = Object.entries(file.providers).map(([id, models]) => {
  const rows = Object.entries(models).map(
    ([model, row]) => `${JSON.stringify(model)}:${JSON.stringify(row)}`,
  );
  return `${JSON.stringify(id)}:{\n${rows.join(",\n")}\n}`;
});
const target = join(import.meta.dir, "../daemon/gateway/providers/models-snapshot.json");
writeFileSync(target, `{"date":"${date}","providers":{\n${lines.join(",\n")}\n}}\n`);
console.log(`${sizeOf(listing)} models of ${lines.length} providers, ${date}`);

function modelsOf(root: string, provider: string): Record<string, Table> {
  const home = join(root, "providers", provider, "models");
  if (!existsSync(home)) throw new Error(`there is no ${home}`);
  const files = [
    ...new Glob("**/*.toml").scanSync({ cwd: home, absolute: true, followSymlinks: true }),
  ];
  const entries = files.map((path) => {
    const id = relative(home, path).slice(0, -".toml".length);
    return [id, { ...withBase(root, tableIn(path)), id }] as const;
  });
  return Object.fromEntries(entries);
}

/** A model's table over the one that it is based on; tables in them are merged, arrays are not. */
function withBase(root: string, own: Table): Table {
  if (typeof own.base_model !== "string") return own;
  const merged = merge(tableIn(join(root, "models", `${own.base_model}.toml`)), own);
  const omitted = Array.isArray(own.base_model_omit) ? own.base_model_omit : [];
  for (const path of omitted) omit(merged, String(path).split("."));
  return merged;
}

function merge(base: Table, over: Table): Table {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTable(below) && isTable(value) ? merge(below, value) : value;
  }
  return merged;
}

function omit(table: Table, [first = "", ...rest]: string[]): void {
  const below = table[first];
  if (rest.length === 0) delete table[first];
  else if (isTable(below)) omit(below, rest);
}

function tableIn(path: string): Table {
  return Bun.TOML.parse(readFileSync(path, "utf8")) as Table;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
