import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../../daemon/gateway/error.ts";
import type { Caller, CallerLimits } from "../../../../../daemon/gateway/limits/caller.ts";
import { type Admission, Limits } from "../../../../../daemon/gateway/limits/limits.ts";
import { seeded } from "../../../rfb/random.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);
const nothing = { spent: () => ({ day: 0, month: 0 }) };

function caller(limits: Partial<CallerLimits>): Caller {
  const budgetUsd = { day: null, month: null };
  return {
    id: "c1",
    name: "ci",
    kind: "token",
    session: null,
    limits: { rpm: null, tpm: null, budgetUsd, ...limits },
    budgeted: false,
    may: () => true,
  };
}

/** A clock that goes on by hand. */
function clocked(spending = nothing) {
  const clock = { now: 5_000_000 };
  return { clock, limits: new Limits(spending, () => clock.now) };
}

function refusal(ask: () => unknown): GatewayError {
  try {
    ask();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("it was admitted");
}

describe("a caller", () => {
  test("without limits is always admitted", () => {
    const { limits } = clocked();
    for (let n = 0; n < 1000; n++) limits.admit(caller({}), 1e9);
    expect(limits.open).toBe(1000);
  });

  test("is refused at its requests per minute, told when, and admitted then", () => {
    const { clock, limits } = clocked();
    const it = caller({ rpm: 2 });
    limits.admit(it, 1).settle(1);
    clock.now += 20_000;
    limits.admit(it, 1).settle(1);
    const error = refusal(() => limits.admit(it, 1));
    expect(error).toMatchObject({ kind: "rate_limited", status: 429 });
    expect(error.message).toContain("token ci is at its limit of 2 requests per minute");
    expect(error.retryAfterMs).toBeWithin(40_000, 41_001);
    clock.now += (error.retryAfterMs ?? 0) - 1;
    expect(refusal(() => limits.admit(it, 1)).retryAfterMs).toBe(1);
    clock.now += 1;
    limits.admit(it, 1);
    expect(refusal(() => limits.admit(it, 1)).retryAfterMs).toBeWithin(19_000, 20_001);
  });

  test("gets back what was reserved and not used", () => {
    const { limits } = clocked();
    const it = caller({ tpm: 1000 });
    const first = limits.admit(it, 900);
    expect(refusal(() => limits.admit(it, 200)).kind).toBe("rate_limited");
    first.settle(100);
    limits.admit(it, 900).cancel();
    limits.admit(it, 900).settle(null);
    expect(refusal(() => limits.admit(it, 1)).kind).toBe("rate_limited");
  });

  test("pays for what it used beyond the estimate", () => {
    const { clock, limits } = clocked();
    const it = caller({ tpm: 1000 });
    const first = limits.admit(it, 100);
    clock.now += 90_000;
    first.settle(5000);
    expect(refusal(() => limits.admit(it, 1)).retryAfterMs).toBeWithin(60_000, 61_001);
  });

  test("is told at once when a request is larger than its limit", () => {
    const { limits } = clocked();
    const error = refusal(() => limits.admit(caller({ tpm: 1000 }), 1001));
    expect(error).toMatchObject({ kind: "too_large", status: 413, retryAfterMs: null });
    expect(error.message).toContain("may use 1001 tokens");
  });

  test("is refused with 402 once its budget is spent, and told when the next begins", () => {
    const spent = { day: 4.99, month: 4.99 };
    const { limits } = clocked({ spent: () => spent });
    const it = caller({ budgetUsd: { day: 5, month: 100 } });
    limits.admit(it, 1);
    spent.day = 5;
    const error = refusal(() => limits.admit(it, 1));
    expect(error).toMatchObject({ kind: "budget_spent", status: 402 });
    expect(error.message).toMatch(/budget of 5 USD for this day.*T00:00:00.000Z$/);
    spent.month = 100;
    expect(refusal(() => limits.admit(it, 1)).message).toMatch(/this month.*-01T00:00:00.000Z$/);
  });

  test("is under way until its request has ended, once", () => {
    const { limits } = clocked();
    const admissions = [limits.admit(caller({}), 1), limits.admit(caller({ rpm: 9 }), 1)];
    for (const each of admissions) {
      each.settle(1);
      each.cancel();
    }
    expect(limits.open).toBe(0);
  });
});

test("a provider's key has limits of its own, and says when it may be used again", () => {
  const { limits } = clocked();
  const key = { id: "k1", rpm: 1, tpm: null };
  expect(limits.admitKey(key, 10)).toHaveProperty("settle");
  expect(limits.admitKey(key, 10)).toMatchObject({ retryAfterMs: expect.any(Number) });
  expect(limits.admitKey({ ...key, id: "k2" }, 10)).toHaveProperty("settle");
  expect(limits.admitKey({ id: "k3", rpm: null, tpm: 5 }, 10)).toMatchObject({
    retryAfterMs: null,
  });
  limits.admit({ ...caller({ rpm: 1 }), id: "k1" }, 10);
});

interface Grant {
  at: number;
  reserved: number;
  /** What it was settled for; null while it is under way. */
  used: number | null;
  cancelled: boolean;
  admission: Admission;
}

test(`whatever comes in between, no minute gives more than the limit, and each use counts once (seed ${seed})`, () => {
  const random = seeded(seed);
  for (let round = 0; round < 40; round++) {
    const { clock, limits } = clocked();
    const rpm = 1 + random(40);
    const tpm = 100 + random(20_000);
    const it = caller({ rpm, tpm });
    const grants: Grant[] = [];
    /** What counts in the 60 s up to now: used where it is known, else reserved. */
    const inWindow = () => {
      const recent = grants.filter((each) => !each.cancelled && each.at > clock.now - 60_000);
      const tokens = recent.reduce((sum, each) => sum + (each.used ?? each.reserved), 0);
      return { requests: recent.length, tokens };
    };
    const end = (how: (grant: Grant) => void) => {
      const grant = grants[random(grants.length || 1)];
      if (!grant) return;
      how(grant);
    };
    const steps = [
      () => {
        const reserved = random(tpm + 1);
        try {
          const admission = limits.admit(it, reserved);
          grants.push({ at: clock.now, reserved, used: null, cancelled: false, admission });
        } catch (error) {
          const wait = error instanceof GatewayError ? error.retryAfterMs : null;
          expect(wait).toBeWithin(1, 61_001);
        }
        const now = inWindow();
        expect(now.requests).toBeLessThanOrEqual(rpm);
        expect(now.tokens).toBeLessThanOrEqual(tpm);
      },
      () =>
        end((grant) => {
          const used = random(grant.reserved + 1);
          grant.admission.settle(used);
          if (grant.used === null && !grant.cancelled) grant.used = used;
        }),
      () =>
        end((grant) => {
          grant.admission.cancel();
          if (grant.used === null) grant.cancelled = true;
        }),
      () => {
        clock.now += random(random(4) === 0 ? 70_000 : 3000);
      },
    ];
    for (let step = 0; step < 500; step++) steps[random(steps.length)]?.();
    for (const { admission } of grants) admission.cancel();
    expect(limits.open).toBe(0);
    // All that was taken is forgotten, and nothing was given back twice.
    clock.now += 61_000;
    limits.admit(it, tpm).settle(null);
    expect(refusal(() => limits.admit(it, 1)).kind).toBe("rate_limited");
  }
});

test(`who waits as long as it is told is admitted (seed ${seed})`, () => {
  const random = seeded(seed);
  const { clock, limits } = clocked();
  const it = caller({ rpm: 7, tpm: 5000 });
  for (let step = 0; step < 2000; step++) {
    const tokens = random(5001);
    let wait: number | null = 0;
    try {
      limits.admit(it, tokens).settle(random(7000));
    } catch (error) {
      wait = error instanceof GatewayError ? error.retryAfterMs : null;
      expect(wait).not.toBeNull();
      clock.now += wait ?? 0;
      limits.admit(it, tokens).cancel();
    }
    clock.now += random(2000);
  }
});
