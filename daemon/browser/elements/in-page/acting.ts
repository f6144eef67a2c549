import { isFocusable } from "./roles.ts";

/** Roles that are there to be acted on (WAI-ARIA 1.2 §5.3.2). */
const widgets = new Set([
  ...["button", "checkbox", "combobox", "link", "listbox", "menuitem", "menuitemcheckbox"],
  ...["menuitemradio", "radio", "scrollbar", "searchbox", "slider", "spinbutton", "switch"],
  ...["tab", "textbox", "treeitem"],
]);

/** Whether one can do something with an element; `pointer`: the cursor becomes a hand over it alone. */
export function isActedOn(element: Element, role: string, pointer: boolean): boolean {
  if (widgets.has(role) || pointer || element.hasAttribute("onclick")) return true;
  if (element instanceof HTMLElement && element.draggable && element.hasAttribute("draggable")) {
    return true;
  }
  return role !== "iframe" && isFocusable(element) && element.getAttribute("tabindex") !== "-1";
}
