import { asNexoraError, NexoraError } from "../../../../src/contract/errors.ts";
import { engineError } from "../errors.ts";
import type { EngineMessage } from "./ndjson.ts";

/** The reason when a message reports a failure; undefined when it reports progress. */
export function failureOf(message: EngineMessage): string | undefined {
  if (message.error === undefined && !message.errorDetail) return undefined;
  const reason = message.errorDetail?.message ?? message.error;
  return typeof reason === "string" && reason !== "" ? reason : "no reason given";
}

/**
 * An error for a build, pull or import that has failed midway. `log` is what was printed last,
 * because the reason alone is often only a command's exit status.
 */
export function buildFailed(doing: string, reason: string, log: readonly string[]): NexoraError {
  const text = [reason, ...log].join("\n");
  if (/no space left on device|disk quota exceeded/i.test(text)) {
    return new NexoraError("disk_full", `cannot ${doing}: the engine's disk is full`, {
      hint: "free some space where the engine keeps its images (`docker system df` shows what takes it)",
      details: { log },
    });
  }
  return new NexoraError("engine_failed", `cannot ${doing}: ${[reason, ...log].join("\n  ")}`, {
    hint: /Temporary failure resolving|Could not resolve|Could not connect/i.test(text)
      ? "Debian's mirror cannot be reached; name another one with --mirror"
      : "read the lines above; --no-cache rebuilds every layer",
    details: { log },
  });
}

/** Anything thrown on the way to an image, as an error of ours. */
export function imageError(thrown: unknown, doing: string, signal?: AbortSignal): NexoraError {
  if (signal?.aborted) return asNexoraError(signal.reason);
  const known = asNexoraError(thrown);
  return known.code === "unexpected" ? asNexoraError(engineError(thrown, doing)) : known;
}
