import { expect, test } from "bun:test";
import { DrizzleQueryError } from "drizzle-orm/errors";
import { storeFailure } from "../../../../daemon/store/failure.ts";

const failed = (code: string) =>
  storeFailure(
    new DrizzleQueryError("select 1", ["x"], Object.assign(new Error("why"), { code })),
  ) as Error;

test.each(["57P01", "08006", "53300", "ECONNREFUSED", "CONNECTION_ENDED"])(
  "%s: the store has failed",
  (code) => {
    expect(failed(code)).toMatchObject({
      code: "store_failed",
      message: "the database failed: why",
    });
  },
);

test.each(["22021", "42601", ""])("%j: the query was wrong, which is a bug of ours", (code) => {
  expect(failed(code)).toMatchObject({ code: "unexpected", message: "the database failed: why" });
});

test("anything else stays what it is", () => {
  const error = new Error("another");
  expect(storeFailure(error)).toBe(error);
});
