import { describe, expect, test } from "bun:test";
import { camel, nameObjects, pascal, snake } from "../../../scripts/sdk/names.ts";
import type { Api } from "../../../scripts/sdk/operations.ts";
import { pythonApi, pythonTypes } from "../../../scripts/sdk/python.ts";
import { SchemaReader } from "../../../scripts/sdk/schema.ts";
import { typescriptMain, typescriptTypes } from "../../../scripts/sdk/typescript.ts";
import { sdkApi } from "../../../scripts/sdk.ts";
import { operations } from "../../../src/contract/index.ts";

describe("the SDKs", () => {
  const api = sdkApi();

  test("have every operation of the contract, and know how each is asked for", () => {
    const ids = api.operations.map(({ id }) => id);
    expect(ids.toSorted()).toEqual(operations.map(({ id }) => id as string).toSorted());
    const facts = (id: string) => {
      const found = api.operations.find((operation) => operation.id === id);
      if (!found) throw new Error(`no ${id}`);
      const { reads, session, first, takes, replies, gives, asked, picture, healthy } = found;
      return { reads, session, first, takes, replies, gives, asked, picture, healthy };
    };
    const plain = {
      ...{ reads: false, session: true, first: null, takes: null, replies: true, gives: null },
      ...{ asked: null, picture: null, healthy: false },
    };
    expect(facts("session.rename")).toEqual({ ...plain, first: "name" });
    expect(facts("screen")).toEqual({ ...plain, reads: true, picture: "image" });
    expect(facts("exec")).toEqual({
      ...{ ...plain, first: "command", takes: "process" },
      gives: "process",
    });
    expect(facts("session.logs")).toEqual({
      ...plain,
      reads: true,
      replies: false,
      gives: "lines",
    });
    expect(facts("files.put")).toEqual({ ...plain, first: "path", takes: "archive" });
    expect(facts("events")).toEqual({
      ...{ ...plain, reads: true, session: false },
      ...{ gives: "items", asked: "follow" },
    });
    expect(facts("health")).toEqual({ ...plain, reads: true, session: false, healthy: true });
  });

  test("have the same text each time that they are made", () => {
    const texts = (made: Api) =>
      [typescriptTypes, typescriptMain, pythonTypes, pythonApi].map((write) => write(made));
    expect(texts(sdkApi())).toEqual(texts(api));
  });

  test("name what several operations have, each by one name", () => {
    const names = api.objects.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("Session");
    expect(names).toContain("Screen");
    expect(names).toContain("ExecInput");
  });
});

describe("names", () => {
  test("are put together from words", () => {
    expect(pascal("keys.rotate-master")).toBe("KeysRotateMaster");
    expect(camel("rotate-master")).toBe("rotateMaster");
    expect(snake("rotate-master")).toBe("rotate_master");
  });

  test("are of what is shared, else of the whole way; none is given twice", () => {
    const reader = new SchemaReader();
    const box = (field: string) => ({
      type: "object",
      properties: { [field]: { type: "string" } },
      required: [field],
    });
    const place = (operation: string) => ({ operation, part: "Output" as const, path: [] });
    const holding = (field: string, schema: object) => ({
      type: "object",
      properties: { [field]: schema },
      required: [],
    });
    const list = { type: "array", items: box("a") };
    reader.read(holding("boxes", list), place("one"));
    reader.read(holding("things", list), place("two"));
    reader.read(holding("box", box("b")), place("three"));
    reader.read(holding("entry", { ...box("b"), description: "Another" }), place("three"));
    nameObjects(reader.objects, ["Box"]);
    expect(reader.objects.map(({ name }) => name)).toEqual([
      ...["OneOutputBox", "OneOutput", "TwoOutput", "ThreeOutputBox", "ThreeOutput"],
      "ThreeOutput2",
    ]);
  });
});

describe("schemas", () => {
  const read = (schema: object) =>
    new SchemaReader().read(schema, { operation: "one", part: "Input", path: [] });

  test("become types", () => {
    expect(read({ type: ["integer", "null"] })).toEqual({
      kind: "union",
      members: [{ kind: "integer" }, { kind: "null" }],
    });
    expect(read({ anyOf: [{ type: "string" }, { type: "string", format: "date-time" }] })).toEqual({
      kind: "string",
    });
    expect(read({ enum: ["a", null] })).toEqual({
      kind: "union",
      members: [{ kind: "literal", values: ["a"] }, { kind: "null" }],
    });
    expect(read({ type: "object", additionalProperties: { type: "number" } })).toEqual({
      kind: "map",
      value: { kind: "number" },
    });
    expect(read({})).toEqual({ kind: "unknown" });
  });

  test("that leave room for other fields are no others' equals", () => {
    const reader = new SchemaReader();
    const place = { operation: "one", part: "Input" as const, path: [] };
    const closed = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
    reader.read(closed, place);
    reader.read({ ...closed, additionalProperties: false }, place);
    reader.read({ ...closed, additionalProperties: {} }, place);
    expect(reader.objects.map(({ open }) => open)).toEqual([false, true]);
  });

  test("that nobody has read so far are refused", () => {
    expect(() => read({ not: {} })).toThrow("one Input: no type is known");
    expect(() => read({ type: "array", items: { $ref: "#/x" } })).toThrow("one Input.[]");
  });
});
