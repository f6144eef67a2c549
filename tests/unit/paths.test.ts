import { expect, test } from "bun:test";
import { pathsOf } from "../../src/paths.ts";

test("NEXORA_HOME holds everything", () => {
  const paths = pathsOf({ NEXORA_HOME: "/srv/nx", HOME: "/home/u", XDG_STATE_HOME: "/x" });
  for (const path of Object.values(paths)) expect(path).toStartWith("/srv/nx");
});

test("without it the XDG folders are used, with their defaults", () => {
  expect(pathsOf({ HOME: "/home/u" })).toMatchObject({
    home: "/home/u/.local/state/nexora",
    config: "/home/u/.config/nexora/config.json",
    cache: "/home/u/.cache/nexora",
    socket: "/home/u/.local/state/nexora/nexora.sock",
  });
  expect(pathsOf({ HOME: "/home/u", XDG_STATE_HOME: "/s" }).home).toBe("/s/nexora");
  expect(pathsOf({ HOME: "/home/u", XDG_STATE_HOME: "s" }).home).toStartWith("/home/u/");
});

test("a home too long for a socket gets one elsewhere, of its own and short", () => {
  const [a, b] = ["a", "b"].map((end) => pathsOf({ NEXORA_HOME: `/${"x".repeat(120)}${end}` }));
  expect(Buffer.byteLength(a?.socket ?? "")).toBeLessThan(108);
  expect(a?.socket).not.toBe(b?.socket);
  expect(a?.home).toContain("xxx");
});
