import type { OutlineOptions } from "../page-types.ts";
import type { Box, Outline, OutlineNode } from "../replies.ts";
import { isActedOn } from "./acting.ts";
import { boxOf, shared, viewport } from "./boxes.ts";
import { namedByContent, oneLine, shortened } from "./names.ts";
import type { Numbers } from "./numbers.ts";
import { lineOf, longestText } from "./outline-line.ts";
import { roleOf } from "./roles.ts";
import { shownChildren, shownParent } from "./tree.ts";

/** How deep elements may be nested. */
const deepest = 2500;
/** How long one outline may take, in milliseconds, and after how many elements that is looked at. */
const longestMs = 3_000;
const lookEvery = 500;

const unseen = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "LINK", "META"]);
/** What they contain is their value, their name, or none of ours. */
const whole = new Set(["SELECT", "TEXTAREA", "svg", "IFRAME", "FRAME", "VIDEO", "AUDIO", "OBJECT"]);
/** Roles that say nothing that the lines below do not say. */
const flat = new Set(["rowgroup", "paragraph", "separator", "caption"]);

/** What is handed down. */
interface Place {
  depth: number;
  /** How deep in the document. */
  level: number;
  /** A name above has the text already. */
  quiet: boolean;
  hidden: boolean;
  hand: boolean;
  /** What of the window the elements above leave; null: it does not matter. */
  clip: Box | null;
}

/** Walks a document, or a part of it, and notes a line for whatever has a meaning. */
export class OutlineWalk {
  private readonly nodes: OutlineNode[] = [];
  private text = "";
  private count = 0;
  private over = false;
  private cut = false;
  private readonly until = performance.now() + longestMs;

  constructor(
    private readonly numbers: Numbers,
    private readonly options: OutlineOptions,
  ) {}

  walk(root: Element): Outline {
    const clip = this.options.viewport ? viewport() : null;
    const parent = shownParent(root);
    const hand = parent !== null && getComputedStyle(parent).cursor === "pointer";
    this.visit(root, { depth: 0, level: 0, quiet: false, hidden: false, hand, clip });
    this.flush(0, null);
    return { nodes: this.nodes, cut: this.cut };
  }

  private visit(element: Element, at: Place): void {
    if (this.isOver(at.level) || unseen.has(element.tagName)) return;
    const { all } = this.options;
    const style = getComputedStyle(element);
    if (!all && (style.display === "none" || element.getAttribute("aria-hidden") === "true"))
      return;
    const inline = style.display === "inline" || style.display === "contents";
    if (!inline || element.tagName === "BR") this.text += " ";
    const hand = style.cursor === "pointer";
    const hidden = !all && style.visibility !== "visible";
    const clip =
      at.clip && style.overflow !== "visible" ? shared(at.clip, boxOf(element)) : at.clip;
    const isLost = at.clip !== null && clip === null;
    if (isLost) return;
    const below = { ...at, level: at.level + 1, hidden, hand, clip };
    const line = hidden || !this.isIn(element, at.clip) ? null : this.line(element, at, hand);
    if (!line) {
      this.children(element, saysName(element) ? { ...below, quiet: true } : below);
    } else {
      this.flush(at.depth, null);
      this.nodes.push(line);
      const quiet = namedByContent.has(line.role) && line.name !== "";
      const outer = this.nodes.length;
      if (!whole.has(element.tagName)) {
        this.children(element, { ...below, depth: at.depth + 1, quiet });
      }
      this.flush(at.depth + 1, this.nodes.length === outer ? line : null);
      if (this.nodes.length === outer && isEmpty(line)) this.nodes.pop();
    }
    if (!inline) this.text += " ";
    if (element.tagName === "P") this.flush(at.depth, null);
  }

  private children(element: Element, at: Place): void {
    const closed = element instanceof HTMLDetailsElement && !element.open && !this.options.all;
    for (const child of shownChildren(element)) {
      if (child instanceof Element) {
        if (!closed || child.localName === "summary") this.visit(child, at);
      } else if (child instanceof Text && !at.quiet && !at.hidden && !closed) {
        if (this.text.length <= longestText && this.isIn(child, at.clip)) this.text += child.data;
      }
    }
  }

  /** The line of an element that has a meaning of its own. */
  private line(element: Element, at: Place, hand: boolean): OutlineNode | null {
    const role = roleOf(element);
    const isFlat = role === "" || flat.has(role);
    // A label does what its control does; one that is not shown is clicked by its label.
    const control = element instanceof HTMLLabelElement ? element.control : null;
    const pointer = control ? !isShown(control) : hand && !at.hand && !at.quiet;
    const acts = isActedOn(element, role, pointer);
    if (isFlat && !acts) return null;
    const { all, boxes } = this.options;
    const frame = element instanceof HTMLIFrameElement || element.tagName === "FRAME";
    return {
      depth: at.depth,
      ...lineOf(element, isFlat ? "" : role, all),
      n: acts || frame ? this.numbers.of(element) : null,
      box: boxes ? boxOf(element) : null,
      frame,
    };
  }

  /** Lets the text so far be a line, or the text of the line above, which has nothing else. */
  private flush(depth: number, line: OutlineNode | null): void {
    const text = shortened(oneLine(this.text), longestText);
    this.text = "";
    if (text === "") return;
    if (line) line.text = text === line.name ? null : text;
    else this.nodes.push({ ...textLine, depth, text, states: [] });
  }

  private isIn(node: Element | Text, clip: Box | null): boolean {
    if (clip === null) return true;
    if (node instanceof Element) return shared(clip, boxOf(node)) !== null;
    const range = document.createRange();
    range.selectNodeContents(node);
    return shared(clip, boxOf(range)) !== null;
  }

  private isOver(level: number): boolean {
    const isDeep = level > deepest;
    const late = ++this.count % lookEvery === 0 && performance.now() > this.until;
    this.over ||= late || this.nodes.length >= this.options.maxNodes;
    this.cut ||= this.over || isDeep;
    return this.over || isDeep;
  }
}

const textLine = { role: "", name: "", n: null, value: null, box: null, frame: false };

function isEmpty({ n, name, text, states, value }: OutlineNode): boolean {
  return n === null && name === "" && text === null && states.length === 0 && !value;
}

/** Whether the text of an element is the name of another one, which is shown. */
function saysName(element: Element): boolean {
  if (element instanceof HTMLLabelElement) return isShown(element.control);
  const { localName, parentElement } = element;
  const named = parentElement?.localName;
  return (
    (localName === "legend" && named === "fieldset") ||
    (localName === "caption" && named === "table")
  );
}

function isShown(control: HTMLElement | null): boolean {
  return control?.checkVisibility({ visibilityProperty: true }) === true;
}
