import { expect, test } from "bun:test";
import { compilePattern } from "../../src/pattern.ts";

test.each([
  ["^b$", "a\nb\nc"],
  ["(?i)OK", "ok"],
  ["(?is)A.B", "a\nb"],
  ["(?mu)^b", "a\nb"],
  ["(?i:n)exora", "Nexora"],
  ["\\.\\/\\{", "./{"],
])("%s matches %j", (pattern, text) => {
  expect(compilePattern(pattern).test(text)).toBe(true);
});

test.each([
  ["(?x) a", "(?x) is not understood; (?i), (?m) and (?s) are"],
  ["(a", "a ( is not closed"],
  ["a)", "a ) has no ("],
  ["[a", "a [ is not closed"],
  ["a]", "a ] or } has nothing that it closes"],
  ["{", "a { begins no count"],
  ["+a", "nothing before it to repeat"],
  ["(?P<n>a)", "what follows (? is not understood"],
  ['say \\"ok\\"', 'there is no \\"; for the character write it without a backslash'],
  ["[z-a]", "range out of order"],
])("%s is refused, and says why", (pattern, why) => {
  expect(() => compilePattern(pattern)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(why) }),
  );
});
