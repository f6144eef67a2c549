import { describe, expect, test } from "bun:test";
import { GatewayError, type GatewayErrorKind } from "../../../../daemon/gateway/error.ts";

const isPassing = (kind: GatewayErrorKind) => new GatewayError(kind, "no").isPassing;

describe("an error of the gateway", () => {
  test("has the status of its kind", () => {
    expect(new GatewayError("budget_spent", "no").status).toBe(402);
    expect(new GatewayError("model_not_found", "no").status).toBe(404);
  });

  test("passes by itself, or does not", () => {
    expect((["rate_limited", "unavailable", "upstream_failed"] as const).map(isPassing)).toEqual([
      ...[true, true, true],
    ]);
    expect((["invalid_request", "budget_spent", "no_key"] as const).map(isPassing)).toEqual([
      ...[false, false, false],
    ]);
  });

  test("knows when to try again, and how often it was tried", () => {
    const error = new GatewayError("rate_limited", "no", { retryAfterMs: 20, attempts: 2 });
    expect([error.retryAfterMs, error.attempts]).toEqual([20, 2]);
    expect(new GatewayError("unexpected", "no")).toMatchObject({ retryAfterMs: null, attempts: 0 });
  });
});
