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
        requestBody?: { required: boolean; content: Record<string, unknown> };
        responses: Record<string, { content: Record<string, { schema: Record<string, unknown> }> }>;
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

test("every operation states the statuses that any may have", () => {
  const any = ["200", "400", "401", "403", "409", "413", "431", "500", "503"];
  for (const { operationId, responses } of described) {
    expect({ operationId, stated: Object.keys(responses) }).toEqual({
      operationId,
      stated: expect.arrayContaining(any),
    });
  }
});

test("a body is required where a field of it is, or where nothing but a stream can be sent", () => {
  const required = (path: string) => document.paths[path]?.post?.requestBody?.required;
  expect(required("/v1/sessions/{session}/exec")).toBe(true);
  expect(required("/v1/sessions/{session}/attach")).toBe(true);
  expect(required("/v1/sessions")).toBe(false);
});

test("a stream's schema is that of one item: a line, or an event whose data it is", () => {
  const content = document.paths["/v1/events"]?.get?.responses["200"]?.content;
  const item = content?.["application/x-ndjson"]?.schema as { anyOf: { required: string[] }[] };
  expect(item.anyOf[0]?.required).toContain("message");
  expect(content?.["text/event-stream"]?.schema).toMatchObject({
    required: ["data"],
    properties: {
      data: { contentMediaType: "application/json", contentSchema: { anyOf: [item.anyOf[0], {}] } },
    },
  });
});

test("pairs are lists of two", () => {
  const text = JSON.stringify(document);
  expect(text).not.toContain("prefixItems");
  expect(text).toContain('"minItems":2,"maxItems":2');
});
