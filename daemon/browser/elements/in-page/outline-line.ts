import type { OutlineNode } from "../replies.ts";
import { nameOf, oneLine, shortened } from "./names.ts";
import { statesOf, valueIn } from "./states.ts";

/** Longest text of one line, in characters. */
export const longestText = 1000;
/** Kinds of inputs of which a text of any form is not enough. */
const typed = new Set(["date", "datetime-local", "file", "month", "password", "time", "week"]);
/** Most options of a list that are shown, and the longest label of one, in characters. */
const mostOptions = 8;
const longestOption = 30;

/** What an element says of itself; `hidden`: whether to say that it is not shown. */
export function lineOf(
  element: Element,
  role: string,
  hidden: boolean,
): Omit<OutlineNode, "depth" | "n" | "box" | "frame"> {
  const { level, checked, pressed, disabled, expanded, selected } = statesOf(element, role);
  const states = [
    ...(level === undefined ? [] : [`level=${level}`]),
    ...(checked === true ? ["checked"] : []),
    ...(pressed === true ? ["pressed"] : []),
    ...(checked === "mixed" || pressed === "mixed" ? ["mixed"] : []),
    ...(disabled ? ["disabled"] : []),
    ...(expanded === undefined ? [] : [expanded ? "expanded" : "collapsed"]),
    ...(selected ? ["selected"] : []),
    ...kindOf(element),
    ...(isFocused(element) ? ["focused"] : []),
    ...(hidden && !element.checkVisibility({ visibilityProperty: true }) ? ["hidden"] : []),
  ];
  const value = valueIn(element);
  return {
    role: role || "generic",
    name: nameOf(element, role),
    states,
    value: value === null ? null : shortened(oneLine(value), longestText),
    text: null,
  };
}

/** What kind of value a field takes, where that is not any text; the options of a short list. */
function kindOf(element: Element): string[] {
  if (element instanceof HTMLInputElement) return typed.has(element.type) ? [element.type] : [];
  if (!(element instanceof HTMLSelectElement)) return [];
  const { options } = element;
  if (options.length > mostOptions) return [`${options.length} options`];
  // A label that stands alone looks like a state.
  if (options.length < 2) return [options.length === 1 ? "1 option" : "no options"];
  return [[...options].map(({ label }) => shortened(oneLine(label), longestOption)).join(" | ")];
}

function isFocused(element: Element): boolean {
  // A frame that the keys do not go to keeps its active element.
  if (window !== top && !document.hasFocus()) return false;
  const root = element.getRootNode();
  const { activeElement } = root instanceof ShadowRoot ? root : document;
  return activeElement === element && element !== document.body;
}
