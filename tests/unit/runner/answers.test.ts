import { describe, expect, test } from "bun:test";
import { Answers, withoutAnswers } from "../../../docker/workstation/runner/terminal/answers.ts";
import { askerOf, isGone } from "../../../docker/workstation/runner/terminal/asker.ts";
import { QueryFinder } from "../../../docker/workstation/runner/terminal/queries.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (them: Uint8Array) => Buffer.from(them).toString();

describe("what comes from a terminal", () => {
  test("is typed when nobody has asked, whatever it looks like", () => {
    const answers = new Answers<string>();
    const { typed, answers: none } = answers.split(bytes("a\x1b[1;2Rb"));
    expect(text(typed)).toBe("a\x1b[1;2Rb");
    expect(none).toEqual([]);
  });

  test("is an answer when somebody has, once for each time, in order", () => {
    const answers = new Answers<string>();
    answers.asked("mode", "vim");
    answers.asked("cursor", "less");
    answers.asked("mode", "tmux");
    const sent = "x\x1b[?2026;0$yy\x1b[?69;2$y\x1b[?1;2$y\x1b[3;4Rz";
    const { typed, answers: given } = answers.split(bytes(sent));
    expect(text(typed)).toBe("xy\x1b[?1;2$yz");
    expect(given.map(({ asker, bytes: it }) => [asker, text(it)])).toEqual([
      ["vim", "\x1b[?2026;0$y"],
      ["tmux", "\x1b[?69;2$y"],
      ["less", "\x1b[3;4R"],
    ]);
    expect(text(answers.split(bytes("\x1b[3;4R")).typed)).toBe("\x1b[3;4R");
  });

  test("of a second terminal has no answers, but all keys", () => {
    const keys = "a\x1b[A\x1bOP\x1b[1;5C\x1b[1;2R\x1b[<0;3;4M\x1b[200~ö\x1b[201~";
    expect(text(withoutAnswers(bytes(keys)))).toBe(keys);
    const answers =
      "\x1b[?62;22c\x1b[>41;398;0c\x1bP>|tmux 3.5a\x1b\\\x1b]11;rgb:0/0/0\x07\x1b[5;7R";
    expect(text(withoutAnswers(bytes(`${keys}${answers}`)))).toBe(keys);
  });
});

describe("queries are found in what programs write", () => {
  const all =
    "text\x1b[1m\x1b[?2026$p\x1b[c\x1b[>c\x1b[>q\x1b[?25h\x1b]11;?\x07\x1b]4;1;?;2;?\x1b\\\x1b[6n\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1b[14tend";
  const expected = [
    ...["mode", "primaryAttributes", "secondaryAttributes", "version", "colour", "colour"],
    ...["colour", "cursor", "setting", "capability", "window"],
  ];

  test("at once, each with its place", () => {
    const found = new QueryFinder().in(bytes(all));
    expect(found.map(({ query }) => query as string)).toEqual(expected);
    expect(all.slice(0, found[0]?.end)).toEndWith("2026$p");
    expect(all.slice(found.at(-1)?.end)).toBe("end");
  });

  test("byte by byte, each once", () => {
    const finder = new QueryFinder();
    const found = [...bytes(all)].flatMap((byte) => finder.in(Uint8Array.of(byte)));
    expect(found.map(({ query }) => query as string)).toEqual(expected);
    expect(found.every(({ end }) => end === 1)).toBe(true);
  });
});

describe("who has asked is gone", () => {
  const running = { ordinal: 3, line: "vim", running: true, exitStatus: null };
  const asker = askerOf({ group: 70, command: running });

  test("when its command has ended, or another group is in front", () => {
    expect(isGone(asker, { group: 70, command: running })).toBe(false);
    expect(isGone(asker, { group: 12, command: running })).toBe(true);
    expect(isGone(asker, { group: 70, command: { ...running, running: false } })).toBe(true);
    expect(isGone(asker, { group: 70, command: { ...running, ordinal: 4 } })).toBe(true);
  });
});
