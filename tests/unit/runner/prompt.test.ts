import { beforeEach, describe, expect, test } from "bun:test";
import { PromptTracker } from "../../../docker/workstation/runner/terminal/prompt.ts";

let shell: PromptTracker;
const type = (text: string) => shell.input(new TextEncoder().encode(text));
const marks = (...data: string[]) => {
  for (const mark of data) shell.mark(mark);
};

beforeEach(() => {
  shell = new PromptTracker();
});

describe("the prompt", () => {
  test("is there after its end mark, and after its begin mark alone", () => {
    expect(shell.atPrompt).toBe(false);
    marks("A", "B");
    expect(shell.atPrompt).toBe(true);
    marks("C", "A");
    expect(shell.atPrompt).toBe(true);
  });

  test.each(["\r", "\n", "\x03", "\x04", "ls\r"])("is gone once %j is typed", (text) => {
    marks("A", "B");
    type(text);
    expect(shell.atPrompt).toBe(false);
  });

  test("stays while a line is being typed", () => {
    marks("A", "B");
    type("echo äöü\t\x1b[A\x7f");
    expect(shell.atPrompt).toBe(true);
  });

  test("comes back after an empty line", () => {
    marks("A", "B");
    type("\r");
    marks("A", "B");
    expect(shell.atPrompt).toBe(true);
    expect(shell.prompts).toBe(2);
  });

  test("of a continuation line does not count", () => {
    marks("A", "B");
    type("if true\r");
    marks("A;k=s", "B");
    expect(shell.atPrompt).toBe(false);
    marks("D;0", "A;cl=m", "B");
    expect(shell.atPrompt).toBe(true);
  });

  test("is drawn again without being another one", () => {
    marks("A", "B", "A", "B");
    expect(shell.prompts).toBe(1);
  });
});

describe("a prompt after input that was typed ahead", () => {
  test("is in doubt until confirmed", () => {
    marks("A", "B");
    type("sleep 1\rls\r");
    marks("C", "D;0", "A", "B");
    expect(shell).toMatchObject({ atPrompt: false, inDoubt: true, prompts: 1 });
    marks("C", "D;0", "A", "B");
    expect(shell).toMatchObject({ atPrompt: false, inDoubt: true });
    shell.confirm();
    expect(shell).toMatchObject({ atPrompt: true, inDoubt: false, prompts: 2 });
  });

  test("is in doubt also when the input was for the program before", () => {
    marks("A", "B");
    type("cat\r");
    marks("C");
    type("text\r\x04");
    marks("D;0", "A", "B");
    expect(shell.inDoubt).toBe(true);
  });

  test("is no longer in doubt when the shell runs what was typed", () => {
    type("ls\r");
    marks("A", "B", "C");
    expect(shell.inDoubt).toBe(false);
    shell.confirm();
    expect(shell.atPrompt).toBe(false);
  });

  test("is believed again once all has been read", () => {
    type("ls\r");
    marks("A", "B");
    shell.confirm();
    type("ls\r");
    marks("C", "D;0", "A", "B");
    expect(shell).toMatchObject({ atPrompt: true, inDoubt: false });
  });
});

describe("pasted text", () => {
  test("submits nothing, wherever its brackets are cut", () => {
    const paste = "\x1b[200~one\ntwo\r\x03\x1b[201~";
    for (let cut = 0; cut <= paste.length; cut++) {
      shell = new PromptTracker();
      marks("A", "B");
      type(paste.slice(0, cut));
      type(paste.slice(cut));
      expect(shell.atPrompt).toBe(true);
      type("\r");
      expect(shell.atPrompt).toBe(false);
    }
  });
});

describe("the exit status", () => {
  test("is null before the first command and that of the last one after", () => {
    marks("A", "B");
    expect(shell.exitStatus).toBeNull();
    marks("C", "D;130", "A", "B");
    expect(shell.exitStatus).toBe(130);
  });

  test.each(["D", "D;", "D;x", "D;-1", "D;99999999999"])("is not changed by %j", (mark) => {
    marks("D;3", mark);
    expect(shell.exitStatus).toBe(3);
  });
});
