import { expect, test } from "bun:test";
import { openapi } from "../../../../daemon/http/api/openapi.ts";
import { operations } from "../../../../src/contract/index.ts";

const document = openapi(operations, "1.2.3", "http://127.0.0.1:9301") as {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        parameters: { name: string; in: string }[];
        requestBody?: { content: Record<string, unknown> };
        responses: Record<string, unknown>;
      }
    >
  >;
};
const described = Object.values(document.paths).flatMap((path) => Object.values(path));

test("every operation is described once, under its id", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(described.map(({ operationId }) => operationId).sort()).toEqual(
    operations.map(({ id }) => id).sort(),
  );
});

test("path parts are path parameters, GET fields query parameters, POST fields a body", () => {
  const screen = document.paths["/v1/sessions/{session}/screen"]?.get;
  expect(screen?.parameters.find(({ name }) => name === "session")?.in).toBe("path");
  expect(screen?.parameters.find(({ name }) => name === "scale")?.in).toBe("query");
  const type = document.paths["/v1/sessions/{session}/type"]?.post;
  expect(Object.keys(type?.requestBody?.content ?? {})).toEqual(["application/json"]);
  expect(type?.parameters.map(({ name }) => name)).toEqual(["session"]);
});

test("errors show under their HTTP status", () => {
  const show = document.paths["/v1/sessions/{session}"]?.get;
  expect(Object.keys(show?.responses ?? {})).toContain("404");
});

test("nothing of the command line shows", () => {
  const text = JSON.stringify(document);
  expect(text.includes('"cli"')).toBe(false);
  const prose = [
    ...text.replaceAll("`bash -lc`", "").matchAll(/"(?:description|summary)":"((?:[^"\\]|\\.)*)"/g),
  ];
  expect(prose.length).toBeGreaterThan(100);
  const itsWords = /nexora [a-z]|[\s(`]--?[a-z]|command line|\bflags?\b|\b\d+(ms|[smhgk])\b/;
  expect(prose.map(([, words]) => words).filter((words) => itsWords.test(words ?? ""))).toEqual([]);
});
