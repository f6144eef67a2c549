import { NexoraError } from "../../../src/contract/errors.ts";
import type { Page } from "../page.ts";

/** Sizes of paper in inches. */
const papers = {
  a3: [11.69, 16.54],
  a4: [8.27, 11.69],
  a5: [5.83, 8.27],
  letter: [8.5, 11],
  legal: [8.5, 14],
  tabloid: [11, 17],
} as const;

/** Longest document, in bytes, and how much of it is read at once. */
const maxBytes = 100 * 1024 * 1024;
const chunkBytes = 1024 * 1024;

export interface PrintOptions {
  paper: keyof typeof papers;
  landscape: boolean;
  background: boolean;
  /** Of the contents, 0.1 to 2. */
  scale: number;
  /** As `1-3, 5`. */
  pages?: string | undefined;
}

/** A page as PDF, as it would be printed. Throws `usage` for pages that there are not, `action_failed` when it is too long. */
export async function print(
  page: Page,
  { paper, landscape, background, scale, pages }: PrintOptions,
  signal: AbortSignal,
): Promise<Buffer> {
  const [paperWidth, paperHeight] = papers[paper];
  const { stream } = await page
    .send(
      "Page.printToPDF",
      {
        ...{ landscape, printBackground: background, scale, paperWidth, paperHeight },
        ...(pages === undefined ? {} : { pageRanges: pages }),
        transferMode: "ReturnAsStream",
      },
      { signal },
    )
    .catch((error: unknown) => {
      if (!/page range/i.test(String(error))) throw error;
      throw new NexoraError("usage", `there are no such pages: ${JSON.stringify(pages)}`, {
        hint: "write them as 1-3, 5; the first is 1",
      });
    });
  if (stream === undefined)
    throw new NexoraError("engine_failed", "the browser has printed nothing");
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for (;;) {
      const read = await page.send("IO.read", { handle: stream, size: chunkBytes }, { signal });
      const chunk = Buffer.from(read.data, read.base64Encoded ? "base64" : "utf8");
      length += chunk.length;
      if (length > maxBytes) {
        throw new NexoraError("action_failed", `the PDF has more than ${maxBytes} bytes`, {
          hint: "print some of its pages: --pages 1-20",
        });
      }
      chunks.push(chunk);
      if (read.eof || chunk.length === 0) return Buffer.concat(chunks);
    }
  } finally {
    await page.send("IO.close", { handle: stream }, { signal }).catch(() => {});
  }
}
