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
  expect(JSON.stringify(document)).not.toContain('"cli"');
});
