import { join } from "node:path";

/** A line of what goes wrong elsewhere: umlauts, Han, an emoji, a tab, dead keys, quotes. */
export const oddLine = "äöß €漢字 🙂 ñ \t ~ ^ ´ \"'$\n";

/** 10,000 characters of this project's code, ASCII. */
export async function sourceCode(): Promise<string> {
  const files = ["daemon/display/connection.ts", "src/frames.ts", "src/contract/errors.ts"];
  const read = (path: string) => Bun.file(join(import.meta.dir, "../..", path)).text();
  const code = (await Promise.all(files.map(read))).join("\n");
  return code.replace(/[^\n\t -~]/g, "?").slice(0, 10_000);
}
