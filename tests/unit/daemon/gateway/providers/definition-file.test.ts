import { expect, test } from "bun:test";
import { isHere, isNear, readBaseUrl } from "../../../../../daemon/gateway/providers/base-url.ts";
import { builtIn } from "../../../../../daemon/gateway/providers/built-in.ts";
import { readDefinition } from "../../../../../daemon/gateway/providers/definition-file.ts";

const base = (id: string) => builtIn.find((each) => each.id === id) ?? null;
const url = "https://llm.acme.example/v1";

test("what a file leaves out is as most providers have it", () => {
  const { definition } = readDefinition("acme", { baseUrl: url }, null);
  expect(definition).toMatchObject({ name: "acme", anyModel: true, local: false, drops: [] });
});

test("formats are a list with the usual paths, or have paths of their own", () => {
  const formats = (value: unknown) =>
    readDefinition("acme", { baseUrl: url, formats: value }, null).definition.formats;
  expect(formats(["anthropic-messages", "openai-chat"])).toEqual({
    "anthropic-messages": "/messages",
    "openai-chat": "/chat/completions",
  });
  expect(formats({ "openai-chat": "/v2/chat" })).toEqual({ "openai-chat": "/v2/chat" });
});

test("a file for one that comes with Nexora moves it, and keeps its formats and places of keys", () => {
  const { definition } = readDefinition(
    "google",
    { baseUrl: "https://proxy.example" },
    base("google"),
  );
  expect(definition.formats).toEqual(base("google")?.formats ?? {});
  expect(definition.authFor).toEqual(base("google")?.authFor ?? {});
  expect(readDefinition("lmstudio", {}, base("lmstudio")).definition.auth).toBeNull();
});

test("another place for the key goes for all formats", () => {
  const auth = { header: "x-key" };
  const { definition } = readDefinition("google", { auth }, base("google"));
  expect(definition).toMatchObject({ auth: { header: "x-key", scheme: null }, authFor: {} });
});

test.each([
  ["no base URL", {}, "baseUrl: missing"],
  ["a key in its headers", { baseUrl: url, headers: { "X-Api-Key": "s" } }, "keys set"],
  ["a field that does not exist", { baseURL: url }, 'did you mean "baseUrl"?'],
  ["an unknown format", { baseUrl: url, formats: ["soap"] }, "formats"],
  ["a header with a line break", { baseUrl: url, headers: { a: "b\r\nc: d" } }, "headers"],
  [
    "a negative price",
    { baseUrl: url, models: [{ id: "a", price: { input: -1, output: 1 } }] },
    "price.input",
  ],
  ["a list", [], "must be an object"],
  ["nothing in it", null, "must be an object"],
  ["a key sent unencrypted", { baseUrl: "http://llm.acme.example/v1" }, "must be https"],
])("a file with %s is refused, and it is said why", (_, value, words) => {
  expect(() => readDefinition("acme", value, null)).toThrow(words);
});

test.each([
  ["https://api.example.com/v1/", "https://api.example.com/v1"],
  ["http://localhost:8000", "http://localhost:8000"],
  ["http://192.168.1.5:8000/v1", "http://192.168.1.5:8000/v1"],
])("%s is a base URL", (text, expected) => expect(readBaseUrl(text, true)).toBe(expected));

test.each([
  "ftp://a.example",
  "nonsense",
  "https://user:pass@a.example",
  "https://a.example/?key=1",
  "https://a.example/#x",
  "file:///etc/passwd",
])("%s is none", (text) => expect(() => readBaseUrl(text, false)).toThrow("must"));

test.each([
  ["127.0.0.1", true],
  ["[::1]", true],
  ["localhost", true],
  ["127.evil.example", false],
  ["10.0.0.1", false],
])("whether %s is this machine: %p", (host, here) => expect(isHere(host)).toBe(here));

test.each([
  ["127.0.0.1", true],
  ["[::1]", true],
  ["[fd00::1]", true],
  ["10.1.2.3", true],
  ["172.32.0.1", false],
  ["169.254.1.1", true],
  ["8.8.8.8", false],
  ["[2001:db8::1]", false],
  ["gpu-box", true],
  ["gpu.local", true],
  ["local.example", false],
  ["10.evil.example", false],
])("whether %s is near: %p", (host, near) => expect(isNear(host)).toBe(near));
