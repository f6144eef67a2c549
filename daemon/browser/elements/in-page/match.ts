import { badTarget, type RoleStates, type Step, type TextMatch } from "../page-types.ts";
import { oneLine, wholeName } from "./names.ts";
import { roleOf } from "./roles.ts";
import { checkedOf, statesOf } from "./states.ts";
import { isVisible, rootsIn, shownChildren, shownParent } from "./tree.ts";

/** The elements that a target means, in the order of the document. */
export function findAll(root: Document | Element, steps: readonly Step[]): Element[] {
  let found: (Document | Element)[] = [root];
  for (const step of steps) {
    if (step.kind === "nth") {
      const one = found.at(step.nth);
      found = one ? [one] : [];
    } else if (step.kind === "visible") {
      found = found.filter((it) => it instanceof Element && isVisible(it) === step.visible);
    } else {
      found = [...new Set(found.flatMap((scope) => findIn(scope, step)))];
    }
  }
  return found.filter((it) => it instanceof Element);
}

function findIn(
  scope: Document | Element,
  step: Exclude<Step, { kind: "nth" | "visible" }>,
): Element[] {
  switch (step.kind) {
    case "css":
      return [...rootsIn(scope)].flatMap((root) => select(root, step.css));
    case "xpath":
      return evaluate(scope, step.xpath);
    case "text":
      return withText(scope, matcher(step.match));
    case "role": {
      const { role, name, states, hidden } = step;
      const named = name && matcher(name);
      return elementsIn(scope).filter(
        (it) =>
          roleOf(it) === role &&
          (hidden || isExposed(it)) &&
          has(it, role, states) &&
          (named === null || named(wholeName(it, role))),
      );
    }
  }
}

function select(root: ParentNode, css: string): Element[] {
  try {
    return [...root.querySelectorAll(css)];
  } catch {
    throw new Error(`${badTarget}it is no CSS selector`);
  }
}

function evaluate(scope: Document | Element, xpath: string): Element[] {
  try {
    const found = document.evaluate(xpath, scope, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
    const nodes = Array.from({ length: found.snapshotLength }, (_, at) => found.snapshotItem(at));
    return nodes.filter((node) => node instanceof Element);
  } catch {
    throw new Error(`${badTarget}it is no XPath expression`);
  }
}

function elementsIn(scope: Document | Element): Element[] {
  return [...rootsIn(scope)].flatMap((root) => [...root.querySelectorAll("*")]);
}

function matcher(match: TextMatch): (text: string) => boolean {
  if ("pattern" in match) {
    const pattern = new RegExp(match.pattern, match.flags.replace(/[gy]/g, ""));
    return (text) => pattern.test(oneLine(text));
  }
  const wanted = oneLine(match.text);
  if (match.exact) return (text) => oneLine(text) === wanted;
  const small = wanted.toLowerCase();
  return (text) => oneLine(text).toLowerCase().includes(small);
}

const textless = /^(?:SCRIPT|STYLE|NOSCRIPT|HEAD|TITLE|TEMPLATE|OPTION)$/;

/** The innermost elements with that text in them. */
function withText(scope: Document | Element, matches: (text: string) => boolean): Element[] {
  const found: Element[] = [];
  /** The text of a node; null when something in it matches already. */
  const visit = (node: Node): string | null => {
    if (node instanceof Text) return node.data;
    if (node instanceof Element && textless.test(node.tagName)) return "";
    const texts = [...shownChildren(node)].map(visit);
    const text = node instanceof HTMLInputElement ? buttonText(node) : joined(texts);
    if (text === null || !(node instanceof Element) || node === scope || text === "") return text;
    if (!matches(text)) return text;
    found.push(node);
    return null;
  };
  visit(scope);
  return found;
}

function joined(texts: readonly (string | null)[]): string | null {
  return texts.includes(null) ? null : texts.join("");
}

function buttonText({ type, value }: HTMLInputElement): string {
  return /^(?:button|submit|reset)$/.test(type) ? value : "";
}

function has(element: Element, role: string, wanted: RoleStates): boolean {
  const states: RoleStates = { ...statesOf(element, role), checked: checkedOf(element) ?? false };
  return (
    is(wanted.checked, states.checked) &&
    is(wanted.pressed, states.pressed ?? false) &&
    is(wanted.disabled, states.disabled ?? false) &&
    is(wanted.expanded, states.expanded ?? false) &&
    is(wanted.selected, states.selected ?? false) &&
    is(wanted.level, states.level)
  );
}

function is<T>(wanted: T | undefined, state: T | undefined): boolean {
  return wanted === undefined || wanted === state;
}

/** Whether assistive technology is told of an element. */
function isExposed(element: Element): boolean {
  for (let at: Element | null = element; at; at = shownParent(at)) {
    if (at.getAttribute("aria-hidden") === "true") return false;
  }
  return isVisible(element) || getComputedStyle(element).opacity === "0";
}
