import { randomBytes } from "node:crypto";
import type { UsageEntry } from "./entry.ts";

/** A span in OTLP's JSON: ids in hexadecimal, 64-bit numbers as text. */
export type Span = Record<string, unknown>;

/** Ours, and the names that OpenTelemetry gives to those providers. */
const wellKnown: Record<string, string> = {
  google: "gcp.gemini",
  mistral: "mistral_ai",
  xai: "x_ai",
};

/** SPAN_KIND_CLIENT and STATUS_CODE_ERROR of OTLP. */
const client = 3;
const failed = 2;

/**
 * A request as a span by OpenTelemetry's conventions for generative AI (gen_ai.*, in development):
 * counts, never prompts or replies. Its input counts the cached tokens as well, as they have it.
 * Null: the caller does not want its trace recorded.
 */
export function spanOf(entry: UsageEntry, ended = Date.now()): Span | null {
  const parent = parentOf(entry.trace);
  if (parent && !parent.sampled) return null;
  const { provider, model, usage, costUsd, ms, firstMs, status, attempts, caller } = entry;
  const operation = operationOf(entry);
  const error = status >= 400;
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    ...(parent ? { parentSpanId: parent.spanId } : {}),
    name: `${operation} ${model}`,
    kind: client,
    startTimeUnixNano: nanoseconds(ended - ms),
    endTimeUnixNano: nanoseconds(ended),
    attributes: attributes({
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": wellKnown[provider] ?? provider,
      "gen_ai.request.model": model,
      "gen_ai.usage.input_tokens": usage && inputOf(usage),
      "gen_ai.usage.cache_read.input_tokens": usage?.cachedInput,
      "gen_ai.usage.cache_creation.input_tokens": usage?.cacheWrite,
      "gen_ai.usage.output_tokens": usage?.output,
      "gen_ai.usage.reasoning.output_tokens": usage?.reasoning,
      "http.response.status_code": status,
      "error.type": error ? String(status) : null,
      "nexora.caller.kind": caller.kind,
      "nexora.caller.name": caller.name,
      "nexora.attempts": attempts,
      "nexora.cost_usd": costUsd,
      "nexora.time_to_first_output": firstMs === null ? null : firstMs / 1000,
    }),
    status: error ? { code: failed } : {},
  };
}

/** Attributes in OTLP's JSON; those without a value are left out. */
export function attributes(record: Record<string, string | number | null | undefined>): unknown[] {
  return Object.entries(record).flatMap(([key, value]): unknown[] => {
    if (value === null || value === undefined) return [];
    if (typeof value === "string") return [{ key, value: { stringValue: value } }];
    return [{ key, value: key in doubles ? { doubleValue: value } : { intValue: String(value) } }];
  });
}

const doubles = { "nexora.cost_usd": true, "nexora.time_to_first_output": true };

function operationOf({ format }: UsageEntry): string {
  if (format === "openai-embeddings") return "embeddings";
  return format === "gemini" ? "generate_content" : "chat";
}

function inputOf({ input, cachedInput, cacheWrite }: NonNullable<UsageEntry["usage"]>) {
  return input === null ? null : input + cachedInput + cacheWrite;
}

function nanoseconds(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

/** W3C Trace Context, level 1: `00-TRACE-PARENT-FLAGS`; null for what is none. */
function parentOf(traceparent: string | null) {
  const form =
    /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
  const [, traceId, spanId, flags] = form.exec(traceparent ?? "") ?? [];
  if (!traceId || !spanId || !flags) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
