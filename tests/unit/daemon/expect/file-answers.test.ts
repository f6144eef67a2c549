import { expect, test } from "bun:test";
import { fileAnswers } from "../../../../daemon/expect/file-answers.ts";

const signal = new AbortController().signal;
const home = "/home/nexora";

test("~ is the home, both for what is there and for what is read", async () => {
  const asked: string[] = [];
  const read: string[] = [];
  const parts = {
    files: {
      stat: async (_: string, path: string) => {
        asked.push(path);
        return { type: "file" as const, sizeBytes: 1 };
      },
    },
    exec: {
      run: async (_: string, { command }: { command: readonly string[] }) => {
        read.push(command.at(-1) ?? "");
        const ended = { exitCode: 0, signal: null, timedOut: false, durationMs: 1, pid: 1 };
        const encoding = { stdoutEncoding: "utf8" as const, stderrEncoding: "utf8" as const };
        return { stdout: "a", stderr: "", truncated: false, ...encoding, ...ended };
      },
    },
  };
  const wanted = {
    file: ["~", "~/a", "~b", "c", "/d"],
    fileGone: ["~//e"],
    fileText: [{ path: "~/f", matches: "a" }],
  };
  const matches = async () => [[true]];
  await fileAnswers(parts, "dev", wanted, matches, signal);
  const places = [home, `${home}/a`, "/workspace/~b", "/workspace/c", "/d", `${home}/e`];
  expect(asked).toEqual([...places, `${home}/f`]);
  expect(read).toEqual([`${home}/f`]);
});
