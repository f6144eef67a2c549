import { expect, test } from "bun:test";
import type { Step } from "../../../../../daemon/browser/elements/page-types.ts";
import { readTarget } from "../../../../../daemon/browser/elements/target.ts";

const stepsOf = (written: string) => readTarget(written).steps;
const role = (name: string, more: object = {}): Step => ({
  kind: "role",
  role: name,
  name: null,
  states: {},
  hidden: false,
  ...more,
});

test("a target is CSS unless it says otherwise", () => {
  expect(stepsOf("#save")).toEqual([{ kind: "css", css: "#save" }]);
  expect(stepsOf('a[href="x=y"]')).toEqual([{ kind: "css", css: 'a[href="x=y"]' }]);
  expect(stepsOf("css=div > p")).toEqual([{ kind: "css", css: "div > p" }]);
  expect(stepsOf("//td[1]")).toEqual([{ kind: "xpath", xpath: "//td[1]" }]);
});

test("a text is a part in any case, a whole one in quotes, or a pattern", () => {
  const text = (match: object) => [{ kind: "text", match }];
  expect(stepsOf("text=Log in")).toEqual(text({ text: "Log in", exact: false }) as Step[]);
  expect(stepsOf('text="Log in"')).toEqual(text({ text: "Log in", exact: true }) as Step[]);
  expect(stepsOf("'It\\'s'")).toEqual(text({ text: "It's", exact: true }) as Step[]);
  expect(stepsOf("text=/log (in|out)/i")).toEqual(
    text({ pattern: "log (in|out)", flags: "i" }) as Step[],
  );
});

test("a role has attributes as Playwright writes them", () => {
  expect(stepsOf("role=button")).toEqual([role("button")]);
  expect(stepsOf('role=button[name="Save"]')).toEqual([
    role("button", { name: { text: "Save", exact: true } }),
  ]);
  expect(stepsOf("role=heading[name='Sa]ve' i][level=2]")).toEqual([
    role("heading", { name: { text: "Sa]ve", exact: false }, states: { level: 2 } }),
  ]);
  expect(stepsOf("role=checkbox[checked=mixed][disabled=false][include-hidden]")).toEqual([
    role("checkbox", { states: { checked: "mixed", disabled: false }, hidden: true }),
  ]);
  expect(stepsOf("role=link[name=/^to \\/x/i]")).toEqual([
    role("link", { name: { pattern: "^to \\/x", flags: "i" } }),
  ]);
});

test("steps stand between >>, which may be part of a text", () => {
  expect(stepsOf('form >> text="a >> b" >> nth=-1 >> visible=true')).toEqual([
    { kind: "css", css: "form" },
    { kind: "text", match: { text: "a >> b", exact: true } },
    { kind: "nth", nth: -1 },
    { kind: "visible", visible: true },
  ]);
  expect(readTarget("@e12 >> button")).toMatchObject({
    ref: "@e12",
    steps: [{ kind: "css", css: "button" }],
  });
  expect(readTarget("@e12")).toMatchObject({ ref: "@e12", steps: [] });
});

test.each([
  ["@x", "a ref is written as @e12"],
  ["a >> >> b", "it has an empty part"],
  ["text=", "it names no text"],
  ["text=/(/", "it is no regular expression"],
  ["role=", "it names no role"],
  ["role=button[name=Save]", "a name stands in quotes"],
  ["role=button[colour=red]", 'a role has no attribute "colour"'],
  ["role=button[checked=perhaps]", "checked is true or false"],
  ["role=button[name", "is none of a role's attributes"],
  ["nth=first", "nth takes a whole number"],
  ["visible=1", "visible is true or false"],
  ["placeholder=x", "there is no way to look for `placeholder=`"],
])("%p is none: it says why", (written, why) => {
  const read = () => readTarget(written);
  expect(read).toThrow(expect.objectContaining({ code: "usage" }));
  expect(read).toThrow(why);
});
