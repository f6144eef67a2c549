/** Roles that HTML gives its elements (HTML-AAM 1.0 §3.4), where that depends on the name alone. */
const byTag: ReadonlyMap<string, string> = new Map(
  Object.entries({
    article: "article",
    aside: "complementary",
    blockquote: "blockquote",
    button: "button",
    caption: "caption",
    datalist: "listbox",
    dd: "definition",
    details: "group",
    dialog: "dialog",
    dt: "term",
    fieldset: "group",
    figure: "figure",
    h1: "heading",
    h2: "heading",
    h3: "heading",
    h4: "heading",
    h5: "heading",
    h6: "heading",
    hr: "separator",
    iframe: "iframe",
    li: "listitem",
    main: "main",
    math: "math",
    menu: "list",
    meter: "meter",
    nav: "navigation",
    ol: "list",
    optgroup: "group",
    option: "option",
    output: "status",
    p: "paragraph",
    progress: "progressbar",
    search: "search",
    summary: "button",
    table: "table",
    tbody: "rowgroup",
    textarea: "textbox",
    tfoot: "rowgroup",
    thead: "rowgroup",
    tr: "row",
    ul: "list",
  }),
);

const byInputType: ReadonlyMap<string, string> = new Map(
  Object.entries({
    button: "button",
    checkbox: "checkbox",
    color: "button",
    email: "textbox",
    file: "button",
    image: "button",
    number: "spinbutton",
    radio: "radio",
    range: "slider",
    reset: "button",
    search: "searchbox",
    submit: "button",
  }),
);

/** Roles that only structure what has no meaning of its own. */
const none = new Set(["none", "presentation", "generic"]);
const sections = "article, aside, main, nav, section";

/** The role of an element; empty: it has none that says anything. */
export function roleOf(element: Element): string {
  const said = element.getAttribute("role");
  if (said) {
    const role = said.trim().toLowerCase().split(/\s+/)[0] ?? "";
    // What can have the focus is never without meaning (WAI-ARIA 1.2 §7.1).
    if (none.has(role)) return isFocusable(element) ? htmlRole(element) : "";
    if (role !== "") return role;
  }
  return htmlRole(element);
}

function htmlRole(element: Element): string {
  const tag = element.localName;
  const known = byTag.get(tag);
  if (known !== undefined) return known;
  switch (tag) {
    case "a":
    case "area":
      return element.hasAttribute("href") ? "link" : "";
    case "header":
      return element.closest(sections) ? "" : "banner";
    case "footer":
      return element.closest(sections) ? "" : "contentinfo";
    case "section":
      return isLabelled(element) ? "region" : "";
    case "form":
      return isLabelled(element) ? "form" : "";
    case "img":
      return element.getAttribute("alt") === "" && !isLabelled(element) ? "" : "img";
    case "svg":
      return isLabelled(element) || element.querySelector(":scope > title") ? "img" : "";
    case "input":
      return inputRole(element as HTMLInputElement);
    case "select": {
      const { multiple, size } = element as HTMLSelectElement;
      return multiple || size > 1 ? "listbox" : "combobox";
    }
    case "td":
      return element.closest("[role=grid], [role=treegrid]") ? "gridcell" : "cell";
    case "th": {
      const scope = element.getAttribute("scope");
      return scope === "row" || scope === "rowgroup" ? "rowheader" : "columnheader";
    }
    default:
      return "";
  }
}

function inputRole({ type, list }: HTMLInputElement): string {
  if (type === "hidden") return "";
  if (list && /^(?:text|search|tel|url|email)$/.test(type)) return "combobox";
  return byInputType.get(type) ?? "textbox";
}

function isLabelled(element: Element): boolean {
  return ["aria-label", "aria-labelledby", "title"].some((it) => element.getAttribute(it)?.trim());
}

export function isFocusable(element: Element): boolean {
  if (element.hasAttribute("tabindex")) return true;
  if (element instanceof HTMLElement && element.isContentEditable) return isEditingHost(element);
  return element.matches("a[href], area[href], button, input, select, textarea, summary, iframe");
}

/** Whether an element is the outermost that can be edited. */
function isEditingHost(element: HTMLElement): boolean {
  return element.isContentEditable && !element.parentElement?.isContentEditable;
}
