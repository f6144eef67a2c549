import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Config, configSchema } from "../src/contract/config.ts";
import { NexoraError } from "../src/contract/errors.ts";
import { codeOf, messageOf } from "../src/thrown.ts";
import { explain, plainIssue } from "./plain-issue.ts";

/** Reads the file; a missing one is all defaults. Throws `config_invalid`, naming file and field. */
export function loadConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return configSchema.parse({});
    throw invalid(path, messageOf(cause), cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `it is not valid JSON (${messageOf(cause)})`, cause);
  }
  const result = configSchema.safeParse(value, { error: plainIssue });
  if (result.success) return result.data;
  const { message, hint } = explain(configSchema, result.error);
  throw invalid(path, hint ? `${message} (${hint})` : message, result.error);
}

/** Whether the file says something else than this by now, be it that it cannot be used any more. */
export function isOutdated(config: Config, path: string): boolean {
  try {
    return !isDeepStrictEqual(loadConfig(path), config);
  } catch {
    return true;
  }
}

function invalid(path: string, why: string, cause: unknown): NexoraError {
  return new NexoraError("config_invalid", `cannot use the configuration file ${path}: ${why}`, {
    hint: "fix it or move it away; docs/configuration.md lists the fields",
    cause,
  });
}
