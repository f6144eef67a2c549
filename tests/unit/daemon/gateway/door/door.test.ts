import { expect, test } from "bun:test";
import { BodyRoom } from "../../../../../daemon/gateway/door/body.ts";
import { Door } from "../../../../../daemon/gateway/door/door.ts";
import { GatewayError } from "../../../../../daemon/gateway/error.ts";

const caller = {
  ...{ id: "a", name: "a", kind: "token" as const, session: null, budgeted: false },
  limits: { rpm: null, tpm: null, budgetUsd: { day: null, month: null } },
  may: () => true,
};
const none = () => {
  throw new Error("nobody should have asked");
};

/** A door that has room for one body, and what to do with a request. */
function doorFor(answer: (over: () => void) => Promise<Response>): Door {
  const limits = { ofOne: 10_000, ofAll: 10_000 };
  return new Door({
    ...{ catalogue: { providers: none, find: none }, isUsable: none, routes: [] },
    callers: { authenticate: () => caller, observer: none },
    gateway: { answer: (_, over) => answer(over) },
    metrics: { text: none, contentType: "", refused: () => {} },
    maxBodyBytes: 100_000,
    bodies: new BodyRoom({ coming: limits, held: limits }),
    log: { debug: none, info: none, warn: none, error: none },
  });
}

async function ask(door: Door, body: unknown): Promise<number> {
  const init = { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) };
  const request = new Request("http://localhost/v1/chat/completions", init);
  return (await door.fetch(request, "unix")).status;
}

const question = { model: "m", messages: [{ role: "user", content: "x".repeat(8000) }] };

test("a body has its room until the reply is over", async () => {
  const under: (() => void)[] = [];
  const door = doorFor(async (over) => {
    under.push(over);
    return new Response("{}");
  });
  expect(await ask(door, question)).toBe(200);
  expect(await ask(door, question)).toBe(429);
  under[0]?.();
  expect(await ask(door, question)).toBe(200);
});

test("a body that is refused, and one whose request fails, give their room back", async () => {
  const door = doorFor(async () => {
    throw new GatewayError("upstream_failed", "all have failed");
  });
  for (let n = 0; n < 3; n++) {
    expect(await ask(door, question)).toBe(502);
    expect(await ask(door, `{${" ".repeat(8000)}`)).toBe(400);
  }
});
