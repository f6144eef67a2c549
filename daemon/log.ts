import { getRotatingFileSink } from "@logtape/file";
import { configure, dispose, getLogger, jsonLinesFormatter, type LogLevel } from "@logtape/logtape";
import { DrizzleQueryError } from "drizzle-orm/errors";

/** What services log with; fields are facts, never secrets. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

const secretName = /token|password|passphrase|secret|authorization|api.?key|sealed/i;

/** A copy of the fields in which whatever is named like a secret is gone. */
export function redact(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (secretName.test(name)) return [name, "[redacted]"];
      if (value instanceof Error) return [name, factsOf(value)];
      if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        return [name, redact(value as Record<string, unknown>)];
      }
      return [name, value];
    }),
  );
}

/** Longest message of an error that is kept, in characters. */
const maxMessage = 500;

/** What of an error tells why, and where: no query with its values, no page of source text. */
function factsOf(error: Error): Record<string, unknown> {
  const message =
    error instanceof DrizzleQueryError ? "a query failed" : error.message.slice(0, maxMessage);
  const at = error.stack?.split("\n").filter((line) => /^ +at /.test(line));
  return {
    message,
    ...("code" in error ? { code: error.code } : {}),
    at: at?.map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: factsOf(error.cause) } : {}),
  };
}

/** Opens the daemon's log: JSON lines, 5 MB a file, three files. Returns the logger and its end. */
export async function openLog(
  path: string,
  level: LogLevel,
): Promise<{ log: Logger; close: () => Promise<void> }> {
  await configure({
    reset: true,
    sinks: {
      file: getRotatingFileSink(path, {
        maxSize: 5 * 1024 * 1024,
        maxFiles: 3,
        formatter: jsonLinesFormatter,
        bufferSize: 0,
      }),
    },
    loggers: [
      { category: "nexora", sinks: ["file"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["file"], lowestLevel: "error" },
    ],
  });
  const logger = getLogger("nexora");
  const write =
    (method: "debug" | "info" | "warn" | "error") =>
    (message: string, fields: Record<string, unknown> = {}) =>
      logger[method](message, redact(fields));
  return {
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    close: dispose,
  };
}
