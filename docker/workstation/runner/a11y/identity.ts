import type { Accessible } from "./atspi.ts";
import type { Role } from "./roles.ts";

/** Characters of a name that are part of an identity. */
const maxName = 200;

/** Identity of an element as long as it is there, and is what it is. */
export function keyOf({ at, role, name }: { at: Accessible; role: Role; name: string }): string {
  return `${at.bus}${at.path}${role.recycled ? `#${name.slice(0, maxName)}` : ""}`;
}

/** The object that stands for an element's whole program. */
export function programRoot({ bus }: Accessible): Accessible {
  return { bus, path: "/org/a11y/atspi/accessible/root" };
}

const popups = new Set(["menuitem", "menu", "combobox", "tooltip"]);

/** Whether what is in it has a window of its own while it is open. */
export function opensPopup({ name }: Role): boolean {
  return popups.has(name);
}
