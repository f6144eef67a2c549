import { expect, test } from "bun:test";
import { serverOf } from "../../../../daemon/store/open.ts";
import { describeServer } from "../../../../daemon/store/postgres.ts";

const source = "DATABASE_URL";

test.each([
  ["postgres://ada:hunter2@db.example:6432/nexora", "db.example:6432/nexora"],
  ["postgresql://db.example/nexora?sslmode=require", "db.example:5432/nexora"],
  ["postgres:///nexora", "localhost:5432/nexora"],
  ["postgres://ada:hunter2@db.example", "db.example:5432"],
  ["postgres://ada:p%40ss@[::1]:5433/nexora", "[::1]:5433/nexora"],
])("%s is at %s", (url, address) => {
  expect(describeServer({ url, source })).toBe(address);
});

test.each(["mysql://ada:hunter2@db.example/x", "hunter2", "", "/var/lib/hunter2.sock"])(
  "%p is refused without being repeated",
  (url) => {
    const refusal = expect(() => describeServer({ url, source }));
    refusal.toThrow(expect.objectContaining({ code: "config_invalid" }));
    expect(() => describeServer({ url, source })).not.toThrow(/hunter2/);
  },
);

const [ours, theirs] = ["postgres://ours", "postgres://theirs"];

test.each([
  [{}, null],
  [{ DATABASE_URL: theirs }, { url: theirs, source: "DATABASE_URL" }],
  [{ NEXORA_DATABASE_URL: ours }, { url: ours, source: "NEXORA_DATABASE_URL" }],
  [
    { NEXORA_DATABASE_URL: ours, DATABASE_URL: theirs },
    { url: ours, source: "NEXORA_DATABASE_URL" },
  ],
  [{ NEXORA_DATABASE_URL: "", DATABASE_URL: theirs }, null],
  [{ DATABASE_URL: "" }, null],
])("the environment %j chooses %j", (env, server) => {
  expect(serverOf(env)).toEqual(server as ReturnType<typeof serverOf>);
});
