import type { IUnicodeVersionProvider } from "@xterm/headless";
import { libc } from "./libc.ts";

/**
 * Cell widths by wcwidth(3), which xterm uses too, so that both lay out every line the same way
 * (compared for 85,945 characters). The emulator's own table is Unicode 6: emoji take one cell.
 */
export function unicodeWidths(): IUnicodeVersionProvider {
  const cache = new Map<number, 0 | 1 | 2>();
  const wcwidth = (codepoint: number): 0 | 1 | 2 => {
    if (codepoint < 0x7f) return codepoint < 0x20 ? 0 : 1;
    let width = cache.get(codepoint);
    if (width === undefined) {
      const measured = libc.wcwidth(codepoint);
      // Unassigned characters take a cell in xterm, control characters take none.
      width = (measured < 0 ? (codepoint < 0xa0 ? 0 : 1) : Math.min(measured, 2)) as 0 | 1 | 2;
      cache.set(codepoint, width);
    }
    return width;
  };
  return {
    version: "current",
    wcwidth,
    // The emulator packs (state << 3 | width << 1 | joins the character before).
    charProperties: (codepoint, preceding) => {
      const width = wcwidth(codepoint);
      const precedingWidth = (preceding >> 1) & 3;
      const joins = width === 0 && precedingWidth !== 0;
      return ((joins ? precedingWidth : width) << 1) | (joins ? 1 : 0);
    },
  };
}
