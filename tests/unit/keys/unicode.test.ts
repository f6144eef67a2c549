import { expect, test } from "bun:test";
import { characterKeysym, keysymCharacter, withShift } from "../../../src/keys/unicode.ts";

test.each([
  ["a", 0x61],
  ["~", 0x7e],
  ["ÿ", 0xff],
  ["Ā", 0x1000100],
  ["€", 0x10020ac],
  ["漢", 0x1006f22],
  ["🙂", 0x101f642],
  ["\u0301", 0x1000301],
])("the keysym of %p is %p", (character, keysym) => {
  expect(characterKeysym(character.codePointAt(0) ?? 0)).toBe(keysym);
  expect(keysymCharacter(keysym)).toBe(character);
});

test.each([0x00, 0x1f, 0x7f, 0x9f, 0xd800, 0xdfff, 0xfffe, 0xffff, 0x10ffff, 0x110000])(
  "no keysym carries code point %p",
  (codePoint) => expect(characterKeysym(codePoint)).toBeNull(),
);

test("a key such as Return is no character", () => {
  expect(keysymCharacter(0xff0d)).toBeNull();
  expect(keysymCharacter(0x1008ff12)).toBeNull();
});

test("Shift does what it does on a US keyboard", () => {
  expect([..."a1/é`ßA"].map(withShift).join("")).toBe("A!?É~ßA");
});
