import { statSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import { NexoraError } from "../../../../src/contract/errors.ts";
import type { RunnerExecSpec } from "../../../../src/runner/exec.ts";
import { workspaceDirectory } from "../account.ts";
import { parseSize } from "../terminal/hello.ts";

/** A request to execute, checked and complete. */
export interface ExecSpec {
  argv: [string, ...string[]];
  cwd: string;
  env: Record<string, string>;
  timeoutMs: number | null;
  tty: { columns: number; rows: number } | null;
  detach: boolean;
}

/**
 * Checks the first frame of an exec. Throws `usage` for a bad field and `action_failed` for a
 * working directory that is not there.
 */
export function parseExecSpec(value: unknown, base: Record<string, string>): ExecSpec {
  const spec = (typeof value === "object" && value !== null ? value : {}) as Partial<
    Record<keyof RunnerExecSpec, unknown>
  >;
  const { command } = spec;
  if (!Array.isArray(command) || !command.every(isText) || command[0] === undefined) {
    throw new NexoraError("usage", "`command` must be a list of one or more strings");
  }
  const line = command.length === 1 ? ["/bin/bash", "-lc", command[0]] : command;
  const { timeoutMs = null } = spec;
  if (timeoutMs !== null && !(typeof timeoutMs === "number" && timeoutMs > 0)) {
    throw new NexoraError("usage", "`timeoutMs` must be a number above 0");
  }
  const tty = spec.tty ? parseSize(spec.tty) : null;
  const term = (spec.tty as { term?: unknown } | null | undefined)?.term;
  return {
    argv: line as [string, ...string[]],
    cwd: parseDirectory(spec.cwd),
    env: { ...base, ...(isText(term) && term !== "" ? { TERM: term } : {}), ...parseEnv(spec.env) },
    timeoutMs,
    tty,
    detach: spec.detach === true,
  };
}

/** A signal's name, as `SIGINT`, that this system has. Throws `usage` for any other. */
export function parseSignal(value: unknown): NodeJS.Signals {
  const { signal } = (typeof value === "object" && value !== null ? value : {}) as {
    signal?: unknown;
  };
  if (typeof signal === "string" && Object.hasOwn(constants.signals, signal)) {
    return signal as NodeJS.Signals;
  }
  throw new NexoraError("usage", `there is no signal ${JSON.stringify(signal)?.slice(0, 50)}`);
}

function parseDirectory(value: unknown): string {
  if (value !== undefined && !isText(value)) {
    throw new NexoraError("usage", "`cwd` must be a path");
  }
  const cwd = resolve(workspaceDirectory, value ?? "");
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return cwd;
  throw new NexoraError("action_failed", `the working directory ${cwd} is not a folder`, {
    hint: "paths are those of the workstation, relative to /workspace",
  });
}

function parseEnv(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const entries = Object.entries(value);
  for (const [key, text] of entries) {
    if (!isText(text) || key === "" || /[=\0]/.test(key)) {
      throw new NexoraError("usage", `\`env\` has an invalid variable ${JSON.stringify(key)}`);
    }
  }
  return Object.fromEntries(entries);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}
