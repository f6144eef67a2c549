import { expect, test } from "bun:test";
import { asNexoraError, errorTable, NexoraError } from "../../../src/contract/errors.ts";

test("an error keeps its code, text, hint and details across the wire", () => {
  const error = new NexoraError("name_taken", "taken", { hint: "another", details: { name: "a" } });
  const back = NexoraError.fromJSON(JSON.parse(JSON.stringify(error)));
  expect(back).toMatchObject({
    code: "name_taken",
    message: "taken",
    hint: "another",
    details: { name: "a" },
  });
  expect([back.status, back.exitCode]).toEqual([409, 5]);
});

test.each([null, 7, "text", {}, { code: "toString", message: "x" }, { code: "nope" }])(
  "a foreign body %p becomes an unexpected error",
  (body) => {
    expect(NexoraError.fromJSON(body).code).toBe("unexpected");
  },
);

test("time-outs and cancellations keep their exit codes", () => {
  expect(asNexoraError(new DOMException("late", "TimeoutError")).exitCode).toBe(124);
  expect(asNexoraError(new DOMException("gone", "AbortError")).exitCode).toBe(130);
});

test("every code has an HTTP error status and one of the documented exit codes", () => {
  for (const { status, exit } of Object.values(errorTable)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect([1, 2, 3, 4, 5, 6, 10, 20, 30, 124, 130]).toContain(exit);
  }
});
