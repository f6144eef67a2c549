import type { UsageReport } from "../../src/contract/usage.ts";
import { table } from "./table.ts";
import { printable } from "./units.ts";

type Row = UsageReport["rows"][0];

/** What was used of models, a line for each token, model, … */
export function usageTable({ rows }: UsageReport): string {
  const heading = ["", "REQUESTS", "FAILED", "INPUT", "CACHED", "WRITTEN", "OUTPUT", "COST"];
  return table(heading, rows.map(usageRow));
}

function usageRow(row: Row): string[] {
  const { kind, name, requests, failed, input, cachedInput, cacheWrite, output } = row;
  const counts = [requests, failed, input, cachedInput, cacheWrite, output].map(String);
  const what = name === null ? "no session" : printable(name);
  return [kind === "session" ? `session ${what}` : what, ...counts, costOf(row)];
}

function costOf({ costUsd, unpriced }: Row): string {
  const known = costUsd === null ? [] : [`${costUsd.toFixed(costUsd < 1 ? 4 : 2)} USD`];
  return [...known, ...(unpriced > 0 ? [`${unpriced} unpriced`] : [])].join(", ");
}
