/** The code of a system call's error (`ENOENT`), or of a connection's (`ECONNRESET`); empty: it has none. */
export function codeOf(thrown: unknown): string {
  return textOf(thrown, "code") ?? "";
}

/** What an error says. */
export function messageOf(thrown: unknown): string {
  return textOf(thrown, "message") ?? String(thrown);
}

function textOf(thrown: unknown, field: "code" | "message"): string | undefined {
  const value: unknown =
    typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, field) : undefined;
  return value === undefined || value === null ? undefined : String(value);
}
