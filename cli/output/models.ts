import type { Output } from "../../src/contract/index.ts";
import { formatDuration } from "../../src/duration.ts";
import { table } from "./table.ts";
import { printable } from "./units.ts";

type Models = Output<"gateway.models">;
type Providers = Output<"gateway.providers">;
type Routes = Output<"gateway.routes">;
type Price = Models["models"][number]["price"];

/** Models, a line each; prices are US dollars for a million tokens. */
export function modelTable({ models, listed }: Models): string {
  if (models.length === 0) {
    return "none; --all also lists those of providers without a key";
  }
  const rows = models.map((it) => [
    printable(it.name),
    tokens(it.context),
    tokens(it.maxOutput),
    [it.vision ? "vision" : "", it.tools ? "tools" : ""].filter(Boolean).join(" ") || "-",
    ...prices(it.price),
    it.usable ? "" : "no key",
  ]);
  const heading = ["MODEL", "CONTEXT", "OUTPUT", "CAN", "IN $/M", "OUT $/M", ""];
  return `${table(heading, rows)}\nmodels and prices of ${listed}`;
}

export function providerTable({ providers, problems, folder, listed }: Providers): string {
  const rows = providers.map((it) => [
    it.id,
    it.keyed ? (it.usable ? "key" : "no key") : "keyless",
    it.anyModel ? (it.models > 0 ? `${it.models}, any` : "any") : String(it.models),
    it.formats.join(" "),
    printable(it.baseUrl),
    it.file ? printable(it.file.slice(it.file.lastIndexOf("/") + 1)) : "",
  ]);
  const lines = [
    table(["PROVIDER", "STATE", "MODELS", "FORMATS", "URL", ""], rows),
    `models and prices of ${listed}; your own definitions: ${printable(folder)}`,
    ...problems.map(({ file, message }) => `cannot use ${printable(file)}: ${printable(message)}`),
  ];
  return lines.join("\n");
}

export function routeList({ routes }: Routes): string {
  if (routes.length === 0) {
    return "no route: gateway.routes in the configuration has them; `nexora gateway routes MODEL` shows what is tried for a model";
  }
  return routes.map(routeText).join("\n\n");
}

function routeText({ name, strategy, targets, unknown }: Routes["routes"][number]): string {
  const rows = targets.map((it, index) => [
    `  ${index + 1}`,
    printable(it.name),
    ...prices(it.price),
    it.firstMs === null ? "-" : formatDuration(it.firstMs),
    it.usable ? "" : "no key",
  ]);
  return [
    `${printable(name)}: ${strategy}`,
    rows.length > 0
      ? table(["  #", "MODEL", "IN $/M", "OUT $/M", "FIRST", ""], rows)
      : "  no model that fits",
    ...unknown.map((model) => `  unknown: ${printable(model)}`),
  ].join("\n");
}

function prices(price: Price): string[] {
  return price ? [dollars(price.input), dollars(price.output)] : ["unpriced", "unpriced"];
}

function dollars(amount: number): string {
  return amount === 0 ? "free" : String(Number(amount.toPrecision(4)));
}

/** `200k`, `1M`. */
function tokens(count: number | null): string {
  if (count === null) return "?";
  if (count >= 1e6) return `${Number((count / 1e6).toFixed(1))}M`;
  return count >= 1000 ? `${Math.round(count / 1000)}k` : String(count);
}
