import { expect, test } from "bun:test";
import { requestOf } from "../../../src/client/route.ts";

const path = "/v1/sessions/{session}/screen";

test("path fields are encoded and leave the body", () => {
  const { target, body } = requestOf({ method: "POST", path }, { session: "a/b", text: "x" });
  expect(target).toBe("/v1/sessions/a%2Fb/screen");
  expect(JSON.parse(body ?? "")).toEqual({ text: "x" });
});

test("a GET carries lists repeated and objects as JSON in its query", () => {
  const input = { session: "@", lines: 3, image: false, tags: ["a", "b"], region: { x: 1 } };
  const { target, body } = requestOf({ method: "GET", path }, { ...input, since: undefined });
  const url = new URL(target, "http://localhost");
  expect(body).toBeUndefined();
  expect(url.pathname).toBe("/v1/sessions/%40/screen");
  expect([...url.searchParams]).toEqual([
    ["lines", "3"],
    ["image", "false"],
    ["tags", "a"],
    ["tags", "b"],
    ["region", '{"x":1}'],
  ]);
});
