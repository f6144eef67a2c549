import type { Check } from "../../src/contract/daemon.ts";
import { asNexoraError } from "../../src/contract/errors.ts";
import { type Command, callOperation } from "../context.ts";
import { localChecks } from "../local-checks.ts";
import { printable } from "../output/units.ts";

interface Report {
  ok: boolean;
  checks: Check[];
}

const exitEngine = 20;

/** The daemon's checks; when it cannot even start, why, and what can be checked without it. */
export const command: Command = async (context) => {
  let report: Report;
  let exit = exitEngine;
  try {
    report = await callOperation(context, "doctor");
  } catch (thrown) {
    context.signal.throwIfAborted();
    const error = asNexoraError(thrown);
    exit = error.exitCode;
    const daemon = { name: "daemon", ok: false, message: error.message, hint: error.hint ?? null };
    report = { ok: false, checks: [daemon, ...(await localChecks(context))] };
  }
  await context.output.result(report, ({ checks }) => checks.map(describe).join("\n"));
  return report.ok ? 0 : exit;
};

function describe({ name, ok, message, hint }: Check): string {
  const first = `${ok ? "ok  " : "FAIL"}  ${printable(name)}: ${message}`;
  return hint === null ? first : `${first}\n      → ${hint}`;
}
