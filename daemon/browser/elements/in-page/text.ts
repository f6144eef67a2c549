import { shownChildren } from "./tree.ts";

const unseen = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD"]);

/** The text that a person could read, as innerText has it, through shadow roots; frames as marks. */
export function textOf(
  element: Element,
  numberOf: (frame: Element) => number,
  most: number,
): string {
  // What is not shown is not read.
  if (isPlain(element)) return element.innerText.slice(0, most).replaceAll("\0", "");
  const out = new Writer(most);
  write(element, out, numberOf, false);
  return out.text
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Whether the browser's own text of it is all of it, which is quicker. */
function isPlain(element: Element): element is HTMLElement {
  if (!(element instanceof HTMLElement) || element.querySelector("iframe, frame")) return false;
  if (element.shadowRoot) return false;
  for (const inner of element.querySelectorAll("*")) if (inner.shadowRoot) return false;
  return true;
}

function write(node: Node, out: Writer, numberOf: (frame: Element) => number, pre: boolean): void {
  if (out.full) return;
  if (node instanceof Text) {
    const parent = node.parentElement;
    if (parent && getComputedStyle(parent).visibility !== "visible") return;
    // The marks of frames are ours alone.
    const data = node.data.replaceAll("\0", "");
    out.add(pre ? data : data.replace(/[ \t\n\r\f]+/g, " "), pre);
    return;
  }
  if (!(node instanceof Element) || unseen.has(node.tagName)) return;
  const { display, whiteSpaceCollapse } = getComputedStyle(node);
  if (display === "none") return;
  switch (node.tagName) {
    case "BR":
      out.lineEnd(1);
      return;
    case "IFRAME":
    case "FRAME":
      out.lineEnd(1);
      out.add(`\u0000${numberOf(node)}\u0000`, true);
      out.lineEnd(1);
      return;
    case "SELECT":
    case "TEXTAREA":
    case "svg":
      return;
  }
  const block = !/^(?:inline|contents|table-cell|table-column|ruby)/.test(display);
  const ends = node.tagName === "P" ? 2 : block ? 1 : 0;
  out.lineEnd(ends);
  const closed = node instanceof HTMLDetailsElement && !node.open;
  const keeps = /^preserve/.test(whiteSpaceCollapse);
  for (const child of shownChildren(node)) {
    if (closed && !(child instanceof Element && child.localName === "summary")) continue;
    write(child, out, numberOf, keeps);
  }
  if (display === "table-cell" && node.nextElementSibling) out.add("\t", true);
  out.lineEnd(ends);
}

/** Gathers lines; white space at their beginning goes. */
class Writer {
  private readonly parts: string[] = [];
  private length = 0;
  private ends = 2;
  private blank = true;

  constructor(private readonly most: number) {}

  get full(): boolean {
    return this.length > this.most;
  }

  get text(): string {
    return this.parts.join("");
  }

  add(text: string, keep: boolean): void {
    const shown = !keep && this.blank ? text.trimStart() : text;
    if (shown === "") return;
    this.parts.push(shown);
    this.length += shown.length;
    this.blank = !keep && shown.endsWith(" ");
    this.ends = 0;
  }

  /** At least so many line feeds after what is there. */
  lineEnd(count: number): void {
    if (count <= this.ends) return;
    this.parts.push("\n".repeat(count - this.ends));
    this.ends = count;
    this.blank = true;
  }
}
