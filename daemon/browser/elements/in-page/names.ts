import { computeAccessibleName } from "dom-accessibility-api";
import { shownChildren } from "./tree.ts";

/** Longest name, in characters. */
const longest = 200;
/** Attributes that give a name other than the content. */
const naming = ["aria-label", "aria-labelledby", "title", "aria-owns"];
/** Roles whose name is what they contain (WAI-ARIA 1.2 §5.2.8), where that is not said again below. */
export const namedByContent: ReadonlySet<string> = new Set([
  ...["button", "checkbox", "heading", "link", "menuitem", "menuitemcheckbox", "menuitemradio"],
  ...["option", "radio", "switch", "tab", "tooltip", "treeitem"],
]);
/** Roles whose content would be their name, but is shown below them. */
const nameless = new Set(["row", "cell", "gridcell", "columnheader", "rowheader", "", "paragraph"]);

/** The name of an element that has a role, white space taken as single blanks. */
export function nameOf(element: Element, role: string): string {
  return shortened(oneLine(fullName(element, role)), longest);
}

/** As a target means it: also that of cells and rows. */
export function wholeName(element: Element, role: string): string {
  return oneLine(fullName(element, role) || computeAccessibleName(element) || shownText(element));
}

function fullName(element: Element, role: string): string {
  const plain = !naming.some((name) => element.hasAttribute(name));
  if (nameless.has(role) && plain) return "";
  if (plain && namedByContent.has(role) && !(element instanceof HTMLInputElement)) {
    // Most are a text and nothing else: that needs no rules.
    const only = element.firstChild;
    if (only && !only.nextSibling && only instanceof Text && !element.shadowRoot) return only.data;
  }
  const label = plain ? labelOf(element) : null;
  if (label !== null) return label;
  const name = computeAccessibleName(element);
  // The library does not look into shadow roots.
  return name === "" && namedByContent.has(role) ? shownText(element) : name;
}

/** The label of a field when that is a text, with nothing but the field in it; null: it needs the rules. */
function labelOf(element: Element): string | null {
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) return null;
  if (element.labels?.length !== 1) return null;
  const [label] = element.labels;
  if (!label || naming.some((name) => label.hasAttribute(name))) return null;
  let text = "";
  for (const child of label.childNodes) {
    if (child instanceof Text) text += child.data;
    else if (child !== element) return null;
  }
  return oneLine(text) === "" ? null : text;
}

/** The text in an element, through shadow roots. */
function shownText(element: Element): string {
  let text = "";
  for (const child of shownChildren(element)) {
    if (text.length > longest) break;
    if (child instanceof Text) text += child.data;
    else if (child instanceof Element && child.checkVisibility()) text += ` ${shownText(child)} `;
  }
  return text;
}

export function oneLine(text: string): string {
  return text.replace(/[\s\u200b\u00ad]+/g, " ").trim();
}

export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
