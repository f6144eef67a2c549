import { printable } from "./units.ts";

/** Rows under a heading, columns padded to their widest cell and two spaces apart. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) =>
    Math.max(...all.map((row) => Bun.stringWidth(row[column] ?? ""))),
  );
  const pad = (cell: string, column: number) =>
    cell + " ".repeat((widths[column] ?? 0) - Bun.stringWidth(cell));
  return all.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

/** One line of a table whose rows are not known yet; `widths` are those of its columns. */
export function rowOf(cells: readonly string[], widths: readonly number[]): string {
  const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return `${padded.join("  ").trimEnd()}\n`;
}

/** Lines of `name: value`, aligned; fields without a value are left out. */
export function fields(record: Record<string, unknown>): string {
  const shown = Object.entries(record).filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${`${name}:`.padEnd(width + 2)}${textOf(value)}`).join("\n");
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : printable(String(value));
}
