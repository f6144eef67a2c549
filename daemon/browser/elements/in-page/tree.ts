/** The tree as it is shown: shadow roots in place of what their hosts contain, slots with what is in them. */
export function shownChildren(node: Node): Iterable<Node> {
  if (node instanceof HTMLSlotElement) {
    const assigned = node.assignedNodes();
    return assigned.length > 0 ? assigned : node.childNodes;
  }
  return (node instanceof Element && node.shadowRoot ? node.shadowRoot : node).childNodes;
}

/** The element that shows this one; null above the document's. */
export function shownParent(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** Whether `outer` is the element, or shows it. */
export function shows(outer: Element, element: Element | null): boolean {
  for (let at = element; at; at = shownParent(at)) if (at === outer) return true;
  return false;
}

/** A root and the open shadow roots below it, in the order of the document. */
export function* rootsIn(root: Document | ShadowRoot | Element): Generator<ParentNode & Node> {
  yield root;
  if (root instanceof Element && root.shadowRoot) yield* rootsIn(root.shadowRoot);
  for (const element of root.querySelectorAll("*")) {
    if (element.shadowRoot) yield* rootsIn(element.shadowRoot);
  }
}

/** The innermost element at a point of the viewport, through shadow roots. */
export function elementAt(x: number, y: number): Element | null {
  let found = document.elementFromPoint(x, y);
  while (found?.shadowRoot) {
    const inner: Element | null = found.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === found) break;
    found = inner;
  }
  return found;
}

/** Whether an element takes room and is painted, or would be if it were in view. */
export function isVisible(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true })) {
    return getComputedStyle(element).display === "contents" && hasVisibleText(element);
  }
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 ? true : hasVisibleText(element);
}

/** A box of its own or not, what it contains can be seen. */
function hasVisibleText(element: Element): boolean {
  for (const child of shownChildren(element)) {
    if (child instanceof Element ? isVisible(child) : child instanceof Text && hasBox(child)) {
      return true;
    }
  }
  return false;
}

function hasBox(text: Text): boolean {
  const range = document.createRange();
  range.selectNodeContents(text);
  const { width, height } = range.getBoundingClientRect();
  return width > 0 && height > 0;
}
