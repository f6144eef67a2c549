import { expect, test } from "bun:test";
import { chordsOfText, modifiersOf } from "../../../../daemon/vendors/keys.ts";

test.each([
  ["d c", ["d", "c"]],
  ["a t", ["a", "t"]],
  ["ctrl+d c", ["ctrl+d", "c"]],
  ["a + b", ["a", "+", "b"]],
  ["ctrl + s", ["ctrl+s"]],
  ["ctrl + shift + t Return", ["ctrl+shift+t", "Return"]],
  ["ctrl++", ["ctrl++"]],
  ["Page Down", ["Page_Down"]],
  ["ctrl + Page Down", ["ctrl+Page_Down"]],
  ["Num Lock", ["Num_Lock"]],
  ["space bar", ["space"]],
  ["Down Down Return", ["Down", "Down", "Return"]],
  [" ", ["space"]],
])("the keys of %j are %j", (text, chords) => {
  expect(chordsOfText(text)).toEqual(chords);
});

test("modifiers of either side are held", () => {
  expect(modifiersOf(["Control_R", "ShiftRight", "super"])).toEqual(["ctrl", "shift", "super"]);
  expect(() => modifiersOf("a")).toThrow("no modifier");
});
