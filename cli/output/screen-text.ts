/** The rows of a screen as text, without the empty ones at the end; empty for no text. */
export function screenText(text: { lines: readonly string[] } | null | undefined): string {
  return (text?.lines ?? []).map(clean).join("\n").trimEnd();
}

/** A row without control characters: what a program showed must not drive the reader's terminal. */
function clean(row: string): string {
  return row.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, "");
}
