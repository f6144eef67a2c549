import type { RoleStates } from "../page-types.ts";

const tristate = new Map<string | null, boolean | "mixed">([
  ["true", true],
  ["false", false],
  ["mixed", "mixed"],
]);

/** What an element says of itself; what does not apply to it is absent. */
export function statesOf(element: Element, role: string): RoleStates {
  const states: RoleStates = {};
  const checked = checkedOf(element);
  if (checked !== undefined) states.checked = checked;
  const pressed = tristate.get(element.getAttribute("aria-pressed"));
  if (pressed !== undefined) states.pressed = pressed;
  if (isDisabled(element)) states.disabled = true;
  const expanded = expandedOf(element);
  if (expanded !== undefined) states.expanded = expanded;
  const selected = selectedOf(element);
  if (selected !== undefined) states.selected = selected;
  if (role === "heading") {
    const level = Number(
      element.getAttribute("aria-level") ?? /^h([1-6])$/.exec(element.localName)?.[1],
    );
    if (level > 0) states.level = level;
  }
  return states;
}

export function checkedOf(element: Element): boolean | "mixed" | undefined {
  if (element instanceof HTMLInputElement && /^(?:checkbox|radio)$/.test(element.type)) {
    return element.indeterminate ? "mixed" : element.checked;
  }
  return tristate.get(element.getAttribute("aria-checked"));
}

/** What a label is the label of; any other element itself. */
export function controlOf(element: Element): Element {
  return (element instanceof HTMLLabelElement && element.control) || element;
}

export function isDisabled(element: Element): boolean {
  return element.matches(":disabled") || element.closest("[aria-disabled=true]") !== null;
}

function expandedOf(element: Element): boolean | undefined {
  if (element.localName === "summary" && element.parentElement instanceof HTMLDetailsElement) {
    return element.parentElement.open;
  }
  const expanded = tristate.get(element.getAttribute("aria-expanded"));
  return expanded === "mixed" ? undefined : expanded;
}

function selectedOf(element: Element): boolean | undefined {
  if (element instanceof HTMLOptionElement) return element.selected;
  const selected = tristate.get(element.getAttribute("aria-selected"));
  return selected === "mixed" ? undefined : selected;
}

/** What a control holds; null: nothing, or it is no control. A password stays where it is. */
export function valueIn(element: Element): string | null {
  if (element instanceof HTMLSelectElement) {
    return [...element.selectedOptions].map(({ label }) => label).join(", ");
  }
  if (element instanceof HTMLTextAreaElement) return element.value;
  if (element instanceof HTMLInputElement) {
    if (/^(?:checkbox|radio|button|submit|reset|image|hidden)$/.test(element.type)) return null;
    if (element.type === "password") return element.value === "" ? "" : "••••";
    if (element.type === "file")
      return [...(element.files ?? [])].map(({ name }) => name).join(", ");
    return element.value;
  }
  if (element instanceof HTMLProgressElement || element instanceof HTMLMeterElement) {
    return String(element.value);
  }
  return element.getAttribute("aria-valuetext") ?? element.getAttribute("aria-valuenow");
}
