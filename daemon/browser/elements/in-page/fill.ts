import type { Filled, Selected } from "../replies.ts";
import { oneLine } from "./names.ts";

/** Kinds of fields in which nobody types characters: their value is set. */
const picked = new Set(["color", "date", "datetime-local", "month", "range", "time", "week"]);
const notFilled = new Set(["button", "checkbox", "file", "image", "radio", "reset", "submit"]);
/** Most options that an error lists. */
const mostOptions = 200;

/** Gives an element the focus, and selects its text so that it can be typed over. */
export function beginFill(element: Element, value: string): Filled {
  if (element instanceof HTMLInputElement) {
    const { type } = element;
    if (notFilled.has(type)) return { way: "refused", why: `it is an input of type ${type}` };
    if (picked.has(type)) return setValue(element, value);
    if (type === "number" && value.trim() !== "" && Number.isNaN(Number(value))) {
      return { way: "refused", why: "it takes a number" };
    }
  }
  focus(element);
  selectText(element);
  return { way: "type" };
}

function setValue(input: HTMLInputElement, value: string): Filled {
  focus(input);
  const before = input.value;
  input.value = value.trim();
  if (input.value !== value.trim().toLowerCase() && input.value !== value.trim()) {
    input.value = before;
    return { way: "refused", why: `an input of type ${input.type} does not take this value` };
  }
  tell(input);
  return { way: "done" };
}

function focus(element: Element): void {
  if (!(element instanceof HTMLElement || element instanceof SVGElement)) return;
  element.focus({ preventScroll: true });
}

/** As `focus`, with the text cursor behind what a field holds, unless it has the focus already. */
export function focusAtEnd(element: Element): boolean {
  if (hasFocus(element)) return true;
  focus(element);
  if (!hasFocus(element)) return false;
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    // Inputs of some types, such as number, have no cursor that could be set: that is null.
    if (element.selectionEnd !== null)
      element.setSelectionRange(element.value.length, element.value.length);
  } else if (element instanceof HTMLElement && element.isContentEditable) {
    getSelection()?.selectAllChildren(element);
    getSelection()?.collapseToEnd();
  }
  return true;
}

/** Whether keys go to it, or to something in it. */
function hasFocus(element: Element): boolean {
  const root = element.getRootNode();
  const active = root instanceof ShadowRoot ? root.activeElement : document.activeElement;
  return active !== null && element.contains(active);
}

function selectText(element: Element): void {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    element.select();
    return;
  }
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}

/** Chooses options by their values or labels, in place of those that were chosen. */
export function select(element: Element, wanted: readonly string[]): Selected {
  const no = (
    why: Extract<Selected, { ok: false }>["why"],
    option = "",
    options: string[] = [],
  ): Selected => ({ ok: false, why, option, options });
  if (!(element instanceof HTMLSelectElement)) return no("no-select");
  if (wanted.length > 1 && !element.multiple) return no("single");
  const all = [...element.options];
  const chosen: HTMLOptionElement[] = [];
  for (const name of wanted) {
    const option =
      all.find(({ value }) => value === name) ??
      all.find(({ label }) => oneLine(label) === oneLine(name));
    if (!option) {
      return no(
        "unknown",
        name,
        all.slice(0, mostOptions).map(({ label }) => oneLine(label)),
      );
    }
    const group = option.parentElement;
    if (option.disabled || (group instanceof HTMLOptGroupElement && group.disabled)) {
      return no("disabled", name);
    }
    chosen.push(option);
  }
  focus(element);
  for (const option of all) option.selected = chosen.includes(option);
  tell(element);
  return {
    ok: true,
    values: chosen.map(({ value }) => value),
    labels: chosen.map(({ label }) => oneLine(label)),
  };
}

/** The events that a person's choice has. */
function tell(element: Element): void {
  element.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
}
