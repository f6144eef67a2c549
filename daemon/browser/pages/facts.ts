import { deadline } from "../../../src/abort.ts";
import { plainLine } from "../../../src/plain-text.ts";
import { cleanUrl, type PageWatch } from "./watch.ts";
import { inWorld } from "./world.ts";

/** How long a page may take to say what it is, in milliseconds; one that is busy is not waited for. */
const factsMs = 1_000;

export interface Facts {
  url: string;
  title: string;
  /** What has the focus, as `textbox "Email"`; null: nothing, or it cannot be told. */
  focused: string | null;
}

/**
 * Lets what has been put into the page's queues be done, then tells where it is. The focused element goes by its
 * role where it is a usual one, and by what labels it.
 */
const script = `(async () => {
  await new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  });
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const text = (it) => (it ?? "").replace(/\\s+/g, " ").trim().slice(0, 80);
  const describe = () => {
    if (!at || at === document.body || at === document.documentElement) return null;
    const tag = at.localName;
    const inputs = { checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton",
      button: "button", submit: "button", reset: "button", search: "searchbox", file: "button" };
    const roles = { a: "link", button: "button", select: "combobox", textarea: "textbox",
      iframe: "iframe", summary: "button", input: inputs[at.type] ?? "textbox" };
    const role = at.getAttribute("role") || roles[tag] || (at.isContentEditable ? "textbox" : tag);
    const labels = at.labels ? [...at.labels].map((it) => text(it.innerText)).join(" ") : "";
    const by = (at.getAttribute("aria-labelledby") ?? "").split(/\\s+/).filter(Boolean)
      .map((id) => text(at.getRootNode().getElementById?.(id)?.innerText)).join(" ");
    const own = /^(link|button|summary|tab|menuitem|option)$/.test(role) ? text(at.innerText) : "";
    const name = by || text(at.getAttribute("aria-label")) || labels || own
      || text(at.type === "submit" ? at.value : "") || text(at.title) || text(at.placeholder) || "";
    return name ? role + " " + JSON.stringify(name) : role;
  };
  return { url: location.href, title: document.title, focused: describe() };
})()`;

/** What a page is now; what it cannot say is as the browser has it. */
export async function factsOf({ page }: PageWatch, signal: AbortSignal): Promise<Facts> {
  const asked = deadline(factsMs, signal);
  const said = await inWorld(page, script, asked).catch(() => null);
  signal.throwIfAborted();
  const { url, title, focused } = (said ?? {}) as Partial<Record<keyof Facts, unknown>>;
  return {
    url: cleanUrl(typeof url === "string" ? url : page.url),
    title: plainLine((typeof title === "string" ? title : page.title).slice(0, 1000)),
    focused: typeof focused === "string" ? plainLine(focused.slice(0, 200)) : null,
  };
}
