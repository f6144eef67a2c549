import { expect, test } from "bun:test";
import { Endpoints } from "../../../../daemon/browser/endpoints.ts";

test("a secret opens its session until its time is over", () => {
  let now = 1000;
  const endpoints = new Endpoints(() => now);
  const { secret, expiresAt } = endpoints.grant("s_one", 5000);
  expect(expiresAt.getTime()).toBe(6000);
  expect(endpoints.session(secret)).toBe("s_one");
  expect(endpoints.session(`${secret}x`)).toBeNull();
  expect(endpoints.session("")).toBeNull();
  now = 6000;
  expect(endpoints.session(secret)).toBeNull();
});

test("what a token has asked for is good for no longer than the token", () => {
  let now = 1000;
  const endpoints = new Endpoints(() => now);
  const removal = new AbortController();
  const until = (expiresAt: Date | null) => ({ expiresAt, ended: removal.signal });
  const short = endpoints.grant("s_one", 5000, until(new Date(3000)));
  const long = endpoints.grant("s_one", 5000, until(new Date(9000)));
  const lasting = endpoints.grant("s_one", 5000, until(null));
  expect(short.expiresAt.getTime()).toBe(3000);
  expect(long.expiresAt.getTime()).toBe(6000);
  now = 3000;
  expect(endpoints.session(short.secret)).toBeNull();
  expect(endpoints.session(long.secret)).toBe("s_one");
  const ends = endpoints.ends(lasting.secret);
  expect(ends.aborted).toBe(false);
  removal.abort();
  expect(ends.aborted).toBe(true);
  expect(endpoints.session(long.secret)).toBeNull();
  expect(endpoints.session(lasting.secret)).toBeNull();
});

test("with its session, all of its secrets go, and no others", () => {
  const endpoints = new Endpoints();
  const gone = endpoints.grant("s_one", 5000).secret;
  const stays = endpoints.grant("s_two", 5000).secret;
  endpoints.drop("s_one");
  expect([endpoints.session(gone), endpoints.session(stays)]).toEqual([null, "s_two"]);
});

test("the oldest of a session goes when it has too many", () => {
  const endpoints = new Endpoints();
  const secrets = Array.from({ length: 33 }, () => endpoints.grant("s_one", 5000).secret);
  expect(
    secrets.map((secret) => endpoints.session(secret)).filter((it) => it === null),
  ).toHaveLength(1);
  expect(endpoints.session(secrets[0] ?? "")).toBeNull();
});
