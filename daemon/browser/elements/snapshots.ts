import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import type { Element, Elements } from "./elements.ts";
import { type AllFrames, mostFrames } from "./frames.ts";
import type { PageLink } from "./page-link.ts";
import type { Box, Outline, OutlineNode } from "./replies.ts";
import { type Frame, ifRefused } from "./script-calls.ts";

export interface SnapshotOptions {
  /** Also what is not rendered. */
  all?: boolean;
  /** Only what the window shows. */
  viewport?: boolean;
  /** Only this element and what is in it. */
  root?: Element | null;
  /** Lines down to this depth. */
  depth?: number | undefined;
  /** Most characters of text. */
  most?: number;
}

export type Snapshot = {
  /** A line for each thing, indented by one blank a level: `button "Save" @e5 [disabled]`. */
  text: string;
  /** How many things have a ref. */
  refs: number;
  /** What was left out because it was too much; null: nothing. */
  cut: string | null;
};

/** A line of a page's outline, and the frame that it is in. */
export interface Line extends OutlineNode {
  frameOf: Frame;
}

interface LineOptions {
  all: boolean;
  viewport: boolean;
  /** Where each line's element is. */
  boxes: boolean;
  root: Element | null;
}

/** Most lines that are asked of one frame. */
const mostNodes = 20_000;
/** Most characters unless said otherwise. */
const mostText = 40_000;

/** Outlines of pages: what is on them, as roles, names and refs. */
export class Snapshots {
  constructor(private readonly elements: Elements) {}

  /** The outline as text, with a ref for what one can act on. */
  async take(
    session: string,
    page: PageLink,
    { all = false, viewport = false, root = null, depth, most = mostText }: SnapshotOptions,
    signal: AbortSignal,
  ): Promise<Snapshot> {
    const asked = { all, viewport, boxes: false, root };
    const { lines, cut } = await this.lines(page, asked, signal);
    const shown = depth === undefined ? lines : lines.filter((line) => line.depth < depth);
    const texts: string[] = [];
    let [length, refs] = [0, 0];
    for (const line of shown) {
      const text = this.line(session, page, line);
      length += text.length + 1;
      if (length > most) break;
      texts.push(text);
      if (line.n !== null) refs++;
    }
    const rest = shown.length - texts.length;
    return {
      text: texts.join("\n"),
      refs,
      cut: rest > 0 ? `${rest} more lines` : cut ? "the page is too large" : null,
    };
  }

  /** The lines of a page or of an element in it, those of frames below the frames' elements. */
  async lines(
    page: PageLink,
    options: LineOptions,
    signal: AbortSignal,
  ): Promise<{ lines: Line[]; cut: boolean }> {
    return this.elements.frames.on(page, signal, (all) => this.linesIn(page, all, options, signal));
  }

  private async linesIn(
    page: PageLink,
    all: AllFrames,
    { root, ...options }: LineOptions,
    signal: AbortSignal,
  ): Promise<{ lines: Line[]; cut: boolean }> {
    const { frames } = this.elements;
    const main = root?.frame ?? all[0];
    const outlineOf = (frame: Frame) =>
      frames.call(
        page,
        frame,
        "outline",
        [{ ...options, maxNodes: mostNodes, root: frame === main ? (root?.n ?? null) : null }],
        signal,
      );
    const asked = all.filter((frame) => frame === main || isIn(frame, main));
    const found = await Promise.all(
      asked.map(async (frame) => {
        if (frame === main) return { frame, owner: null, outline: await outlineOf(frame) };
        const owner = frame.parent ? frames.owner(page, frame, frame.parent, signal) : null;
        const nothing = ifRefused(null);
        const [n, outline] = await Promise.all([
          owner?.catch(nothing) ?? null,
          outlineOf(frame).catch(nothing),
        ]);
        return { frame, owner: n, outline };
      }),
    );
    const inside = (frame: Frame, n: number) =>
      found.find((it) => it.frame.parent === frame && it.owner === n && it.outline);
    const cut = all.length === mostFrames || found.some(({ outline }) => outline?.cut);
    const join = (frame: Frame, outline: Outline, depth: number): Line[] =>
      outline.nodes.flatMap((node) => {
        const line: Line = { ...node, depth: node.depth + depth, frameOf: frame };
        const inner = node.frame && node.n !== null ? inside(frame, node.n) : undefined;
        if (!inner?.outline) return [line];
        return [line, ...join(inner.frame, inner.outline, line.depth + 1)];
      });
    const [first] = found;
    if (!first?.outline) throw new NexoraError("action_failed", "the page gives no outline");
    return { lines: join(first.frame, first.outline, 0), cut };
  }

  private line(session: string, page: PageLink, line: Line): string {
    const ref =
      line.n === null
        ? null
        : this.elements.number(session, page, line.frameOf, { ...line, n: line.n });
    return lineText(line, ref);
  }
}

/** Where lines are in the page's viewport, in CSS pixels: those in frames too. Null: that is not known. */
export async function boxesInPage(
  { frames }: Pick<Elements, "frames">,
  page: PageLink,
  lines: readonly Line[],
  signal: AbortSignal,
): Promise<(line: Line) => Box | null> {
  const all = [...new Set(lines.map(({ frameOf }) => frameOf))];
  const offsets = await Promise.all(
    all.map(async (frame) => [frame, await frames.offset(page, frame, signal)] as const),
  );
  const offsetOf = new Map(offsets);
  return ({ frameOf, box }) => {
    const offset = offsetOf.get(frameOf);
    if (!box || !offset) return null;
    return {
      x: offset.x + box.x * offset.scaleX,
      y: offset.y + box.y * offset.scaleY,
      width: box.width * offset.scaleX,
      height: box.height * offset.scaleY,
    };
  };
}

/** `checkbox "Remember me" @e5 [checked]`, ` textbox "Name" @e6: Ann`, `heading 2 "Products"`, `"some text"`. */
export function lineText(line: OutlineNode, ref: string | null): string {
  const { depth, role, name, states, value, text } = line;
  const indent = " ".repeat(depth);
  if (role === "") return `${indent}${quoted(text ?? "")}`;
  const level = states.find((state) => state.startsWith("level="))?.slice("level=".length);
  const others = states.filter((state) => !state.startsWith("level="));
  const parts = [
    level ? `${role} ${level}` : role,
    name === "" ? null : quoted(name),
    ref,
    others.length > 0 ? `[${others.join(", ")}]` : null,
  ];
  const after = value || text;
  const words = parts.filter((part) => part !== null).join(" ");
  return `${indent}${plainLine(after ? `${words}: ${after}` : words)}`;
}

function quoted(text: string): string {
  return `"${plainLine(text).replaceAll('"', '\\"')}"`;
}

function isIn(frame: Frame, outer: Frame): boolean {
  return frame.parent !== null && (frame.parent === outer || isIn(frame.parent, outer));
}
