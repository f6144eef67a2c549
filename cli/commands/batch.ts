import { errorTable } from "../../src/contract/errors.ts";
import type { Output } from "../../src/contract/index.ts";
import { messageOf } from "../../src/thrown.ts";
import { screenText, styleOf } from "../../src/words/screen.ts";
import { type Command, type Context, callOperation } from "../context.ts";
import { describeAction } from "../output/input-reply.ts";
import { printable } from "../output/units.ts";
import { textFromInput } from "../text-input.ts";
import { thenScreenOf } from "../then-screen.ts";
import { usageError } from "../usage.ts";

/** Longest list that the API takes, in characters. */
const maxText = 7 * 1024 * 1024;

/** Carries out the operations of a file or of standard input; the exit code is that of the one that failed. */
export const command: Command = async (context) => {
  const file = String(context.invocation.input.actions);
  const actions = readActions(await textOf(file));
  const thenScreen = thenScreenOf(context.invocation);
  const reply = await callOperation(context, "batch", { actions, thenScreen });
  const shown = describeSteps(reply);
  await describeAction(context, reply, shown);
  await noteSteps(context, reply);
  const error = reply.failed === null ? null : reply.results[reply.failed]?.error;
  if (!error) return 0;
  return errorTable[error.code as keyof typeof errorTable]?.exit ?? errorTable.unexpected.exit;
};

async function textOf(file: string): Promise<string> {
  if (file === "-") return textFromInput(maxText, "send it in parts");
  const source = Bun.file(file);
  if (await source.exists()) return source.text();
  throw usageError(`there is no file ${file}`, "one operation a line; - reads standard input");
}

/** One object a line; empty lines do not count. */
function readActions(text: string): unknown[] {
  return text.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line)];
    } catch (error) {
      throw usageError(
        `line ${at + 1} is not JSON: ${messageOf(error)}`,
        'one operation a line: {"type":{"text":"ls\\n"}}',
      );
    }
  });
}

/** With `--observe each`: each step with the rows that have changed since the one before. */
function describeSteps({ results }: Output<"batch">): string {
  return results
    .flatMap(({ operation, status, screen }, at) => {
      if (!screen) return [];
      const text = screenText(screen, styleOf({ since: "" }));
      const notes = [screen.degraded, ...(screen.text ?? []).map(({ degraded }) => degraded)];
      const why = notes.filter((note) => note !== null).map((note) => `(${printable(note)})`);
      const head = `${at + 1}. ${operation}${status === "failed" ? ": failed" : ""}`;
      return [head, text, ...why].filter((part) => part !== "");
    })
    .join("\n");
}

async function noteSteps({ output }: Context, { results, failed }: Output<"batch">): Promise<void> {
  if (failed === null) return;
  const { operation = "", error = null } = results[failed] ?? {};
  const left = results.length - failed - 1;
  const rest = left === 0 ? "" : `; the ${left} behind it were not executed`;
  await output.note(`${failed + 1}. ${operation}: ${printable(error?.message ?? "failed")}${rest}`);
  if (error?.hint) await output.note(printable(error.hint));
}
