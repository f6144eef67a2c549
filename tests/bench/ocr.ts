import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packRgb } from "../../daemon/display/snapshot.ts";
import { ocrReaders } from "../../daemon/perception/ocr/assemble.ts";
import type { OcrPicture, OcrReader } from "../../daemon/perception/ocr/reader.ts";
import { ScreenOcr } from "../../daemon/perception/ocr/screen-ocr.ts";
import type { Bench } from "./bench.ts";
import { interleave, summarize } from "./measure.ts";
import { binary } from "./nexora.ts";
import { OcrDesktop } from "./ocr-desktop.ts";
import { type Scene, scenes } from "./ocr-scenes.ts";
import { distance, distanceToPart } from "./similarity.ts";
import type { Row } from "./table.ts";

/** Rows of source that fill a terminal of 1080p. */
const listedRows = 60;
const source = join(import.meta.dir, "../../daemon/display/connection.ts");
/** Part of the characters that must be right, in percent. */
const leastRight = { terminal: 97, toolkit: 95 };
const { session } = OcrDesktop;

/**
 * How much of what windows show is read, by the workstation's own tesseract and by ours, on pictures taken here of
 * text that is known; how long a full terminal takes, and how long one that was read before.
 */
export async function benchOcr({ signal }: Bench): Promise<Row[]> {
  const listed = readFileSync(source, "utf8").split("\n").slice(0, listedRows).join("\n");
  await using desktop = await OcrDesktop.open(signal, listed);
  const { inside, own } = ocrReaders({ exec: desktop.exec, program: [binary] });
  const readers = { "tesseract inside": inside(session), "tesseract in WebAssembly": own };
  const rows: Row[] = [];
  for (const scene of scenes) {
    const { region, texts } = await desktop.show(scene);
    const picture = await pictureOf(desktop, region, signal);
    for (const [name, reader] of Object.entries(readers)) {
      const { lines } = await reader.read(picture, signal);
      const right = percentRight(scene, texts, lines.map(({ text }) => text).join("\n"));
      const what = `OCR by ${name}: ${scene.name}, characters right`;
      const goal = { atLeast: leastRight[scene.kind] };
      rows.push({ what, unit: "%", ours: summarize([right]), goal });
    }
  }
  const [terminal] = scenes;
  if (terminal) rows.push(...(await timed(desktop, terminal, readers, signal)));
  return rows;
}

/** The time for a full terminal, and for the same pixels once more. */
async function timed(
  desktop: OcrDesktop,
  scene: Scene,
  readers: Record<string, OcrReader>,
  signal: AbortSignal,
): Promise<Row[]> {
  const { region } = await desktop.show(scene);
  const picture = await pictureOf(desktop, region, signal);
  const subjects = Object.entries(readers).map(([name, reader]) => [
    name,
    { run: () => reader.read(picture, signal) },
  ]);
  const times = await interleave(Object.fromEntries(subjects), { samples: 3, warmUp: 1, signal });
  const ocr = new ScreenOcr(desktop.displays, async () => Object.values(readers)[0] as OcrReader);
  const again = { run: () => ocr.read(session, [region], signal) };
  const { cached } = await interleave({ cached: again }, { samples: 30, warmUp: 1, signal });
  return [
    ...Object.entries(times).map(([name, ours]): Row => {
      return { what: `OCR by ${name}: a 1080p terminal`, unit: "ms", ours, goal: { atMost: 2500 } };
    }),
    { what: "OCR of a 1080p terminal read before", unit: "ms", ours: cached, goal: { atMost: 5 } },
  ];
}

async function pictureOf(
  desktop: OcrDesktop,
  { x, y, width, height }: Awaited<ReturnType<OcrDesktop["show"]>>["region"],
  signal: AbortSignal,
): Promise<OcrPicture> {
  using lease = await desktop.displays.acquire(session, signal);
  const rgb = new Uint8Array((3 * width * height + 3) & ~3);
  packRgb(lease.display.framebuffer, { x, y, width, height }, rgb);
  return { width, height, rgb: rgb.subarray(0, 3 * width * height) };
}

/** Of a terminal all that is read counts, of other windows what of their texts is found. */
function percentRight({ kind }: Scene, texts: readonly string[], read: string): number {
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  const wanted = texts.map(plain).filter((text) => text !== "");
  const length = wanted.reduce((sum, text) => sum + text.length, 0);
  const wrong =
    kind === "terminal"
      ? distance(wanted.join(" "), plain(read))
      : wanted.reduce((sum, text) => sum + distanceToPart(text, plain(read)), 0);
  return 100 * Math.max(0, 1 - wrong / length);
}
