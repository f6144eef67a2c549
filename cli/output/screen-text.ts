import type { ScreenOutput } from "../../src/contract/screen.ts";

/** The text of a screen: its rows, without the empty ones at the end. */
export function screenText({ text }: Pick<ScreenOutput, "text">): string {
  const lines = text?.lines ?? [];
  return lines.map(clean).join("\n").trimEnd();
}

/** A row without control characters: what a program showed must not drive the reader's terminal. */
function clean(row: string): string {
  return row.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, "");
}
