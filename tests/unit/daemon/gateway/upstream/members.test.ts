import { describe, expect, test } from "bun:test";
import { withMembers } from "../../../../../daemon/gateway/upstream/members.ts";

const changed = (text: string, changes: Record<string, string | null>) =>
  withMembers(text, new Map(Object.entries(changes)));

describe("the members of a JSON text", () => {
  test("change alone: every other byte stays", () => {
    const text =
      ' { "seed": 12345678901234567890, "model" : "a" ,\n"temperature": 1.0, "x": "\\u00e9" } ';
    expect(changed(text, { model: '"b/c"' })).toBe(
      ' { "seed": 12345678901234567890, "model":"b/c" ,\n"temperature": 1.0, "x": "\\u00e9" } ',
    );
  });

  test("stay as they are when the value is the same", () => {
    const text = '{"model": "a", "n": 1e3}';
    expect(changed(text, { model: '"a"' })).toBe(text);
  });

  test("are added at the front when they are missing", () => {
    expect(changed('{"a":1}', { b: "[2]" })).toBe('{"b":[2],"a":1}');
    expect(changed("{ }", { b: "2" })).toBe('{"b":2 }');
  });

  test("go when they are to", () => {
    expect(changed('{"a":1, "b":{"c":[1,"}"]}, "d":null}', { b: null })).toBe('{"a":1,"d":null}');
    expect(changed('{"a":1}', { a: null, z: "0" })).toBe('{"z":0}');
    expect(changed('{"a":1}', { b: null })).toBe('{"a":1}');
  });

  test("of inner objects and in strings are not meant", () => {
    const text = String.raw`{"m":{"model":"x"},"s":"\"model\":\"y\"","l":[{"model":1}],"model":"a"}`;
    expect(changed(text, { model: '"b"' })).toBe(text.replace('"model":"a"', '"model":"b"'));
  });

  test("are changed at each place, however their name is written", () => {
    const text = String.raw`{"model":"a","mod\u0065l":"evil","model":"c"}`;
    expect(changed(text, { model: '"b"' })).toBe('{"model":"b","model":"b","model":"b"}');
  });

  test("change as JSON.parse sees it, whatever the text", () => {
    const values = [
      '"a\\\\"',
      '"\\\\\\""',
      "[]",
      "{}",
      '[{"a":"]"}]',
      "-1.5e-7",
      "true",
      "null",
      '"{"',
    ];
    for (const first of values) {
      for (const second of values) {
        for (const space of ["", " ", "\r\n\t"]) {
          const text = `{${space}"p"${space}:${space}${first}${space},${space}"q":${second}${space}}`;
          const { p, q } = JSON.parse(text);
          expect(JSON.parse(changed(text, { p: "7" }))).toEqual({ p: 7, q });
          expect(JSON.parse(changed(text, { q: "7", r: "8" }))).toEqual({ p, q: 7, r: 8 });
          expect(JSON.parse(changed(text, { p: null }))).toEqual({ q });
          expect(JSON.parse(changed(text, { q: null, p: "[]" }))).toEqual({ p: [] });
        }
      }
    }
  });
});
