import { expect, test } from "bun:test";
import { describeUrl } from "../../../../daemon/store/postgres.ts";

test.each([
  ["postgres://ada:hunter2@db.example:6432/nexora", "db.example:6432"],
  ["postgresql://db.example/nexora", "db.example:5432"],
  ["postgres:///nexora", "localhost:5432"],
  ["postgres://ada:p%40ss@[::1]:5433/nexora", "[::1]:5433"],
])("%s is at %s", (url, address) => {
  expect(describeUrl(url)).toBe(address);
});

test.each(["mysql://ada:hunter2@db.example/x", "hunter2", "", "/var/lib/hunter2.sock"])(
  "%p is refused without being repeated",
  (url) => {
    const refusal = expect(() => describeUrl(url));
    refusal.toThrow(expect.objectContaining({ code: "config_invalid" }));
    expect(() => describeUrl(url)).not.toThrow(/hunter2/);
  },
);
