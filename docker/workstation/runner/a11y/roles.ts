/** What an element is to somebody who reads the screen. */
export interface Role {
  /** As WAI-ARIA calls it, as far as it has a name for it: pages and programs have the same names. */
  name: string;
  /** `control`: one acts on it. `group`: holds such. `text`: shows text. `plain`: none of these. */
  kind: "control" | "group" | "text" | "plain";
  /** Its toolkit may use it again for another row: what it is, is what it is called. */
  recycled: boolean;
}

const control = (name: string): Role => ({ name, kind: "control", recycled: false });
const item = (name: string): Role => ({ name, kind: "control", recycled: true });
const group = (name: string): Role => ({ name, kind: "group", recycled: false });
const text = (name: string): Role => ({ name, kind: "text", recycled: false });

/** By AtspiRole (atspi-constants.h); what is not here is a box that holds others, or a decoration. */
const roles = new Map<number, Role>([
  [7, control("checkbox")],
  [8, item("menuitemcheckbox")],
  [10, control("columnheader")],
  [11, control("combobox")],
  [15, control("slider")],
  [26, item("icon")],
  [32, item("listitem")],
  [33, item("menuitem")],
  [35, item("menuitem")],
  [37, control("tab")],
  [40, control("textbox")],
  [43, control("button")],
  [44, control("radio")],
  [45, item("menuitemradio")],
  [51, control("slider")],
  [52, control("spinbutton")],
  [56, item("cell")],
  [57, control("columnheader")],
  [58, control("rowheader")],
  [61, control("textbox")],
  [62, control("button")],
  [76, control("textbox")],
  [77, control("textbox")],
  [79, control("textbox")],
  [88, control("link")],
  [90, item("row")],
  [91, item("treeitem")],
  [129, control("button")],
  [130, control("switch")],
  [2, group("alert")],
  [16, group("dialog")],
  [19, group("dialog")],
  [31, group("list")],
  [34, group("menubar")],
  [38, group("tablist")],
  [41, group("menu")],
  [54, group("status")],
  [55, group("table")],
  [63, group("toolbar")],
  [65, group("tree")],
  [66, group("table")],
  [98, group("list")],
  [29, text("label")],
  [42, text("progressbar")],
  [64, text("tooltip")],
  [73, text("paragraph")],
  [81, text("caption")],
  [83, text("heading")],
  [94, text("document")],
  [101, text("notification")],
  [116, text("label")],
]);
/** Of what only holds others, or decorates. */
export const plainRole: Role = { name: "group", kind: "plain", recycled: false };

export function roleOf(number: number): Role {
  return roles.get(number) ?? plainRole;
}

/** What lies in one of these is seen as far as it reaches: viewports, lists, tables, trees. */
export const clipping: ReadonlySet<number> = new Set([31, 49, 55, 65, 66, 68, 98]);
/** What opens out of one of these has a window of its own: menus, combo boxes. */
export const opening: ReadonlySet<number> = new Set([11, 33, 41]);
/** Passwords: their text is dots, which is no value. */
export const passwordRole = 40;

/** AtspiStateType (atspi-constants.h): numbers of bits. */
export const state = {
  checked: 4,
  collapsed: 5,
  editable: 7,
  enabled: 8,
  expanded: 10,
  focused: 12,
  modal: 16,
  multiLine: 17,
  pressed: 20,
  selected: 23,
  sensitive: 24,
  showing: 25,
  managesDescendants: 31,
  indeterminate: 32,
  required: 33,
  invalid: 36,
} as const;

/** The states that a caller is told of; the order is that of the telling. */
const told = [
  "focused",
  "checked",
  "pressed",
  "selected",
  "expanded",
  "collapsed",
  "required",
  "invalid",
] as const;

/** States as words, as WAI-ARIA has them. */
export function stateWords(has: (bit: number) => boolean, role: number): string[] {
  const words: string[] = told.filter((name) => has(state[name]));
  if (has(state.indeterminate) && roleOf(role).name === "checkbox") words.push("mixed");
  if (!has(state.enabled) && !has(state.sensitive)) words.push("disabled");
  if (role === passwordRole) words.push("password");
  return words;
}
