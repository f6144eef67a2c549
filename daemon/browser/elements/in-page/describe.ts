import type { Match } from "../replies.ts";
import { nameOf, oneLine, shortened } from "./names.ts";
import type { Numbers } from "./numbers.ts";
import { roleOf } from "./roles.ts";
import { isVisible } from "./tree.ts";

/** Attributes by which people know an element. */
const telling = ["id", "class", "name", "type", "placeholder", "href", "data-testid"];
const longestAttribute = 60;
const longestText = 80;

/** An element in words, for errors. */
export function describe(numbers: Numbers, element: Element): Match {
  const role = roleOf(element);
  return {
    n: numbers.of(element),
    role: role || "generic",
    name: nameOf(element, role) || shortened(oneLine(element.textContent ?? ""), longestText),
    markup: markupOf(element),
    visible: isVisible(element),
  };
}

function markupOf(element: Element): string {
  const attributes = telling.flatMap((name) => {
    const value = element.getAttribute(name);
    return value ? [` ${name}="${shortened(oneLine(value), longestAttribute)}"`] : [];
  });
  return `<${element.localName}${attributes.join("")}>`;
}
