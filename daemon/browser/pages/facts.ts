import { deadline } from "../../../src/abort.ts";
import { plainLine } from "../../../src/plain-text.ts";
import { cleanUrl, type PageWatch } from "./watch.ts";

/** How long a page may take to say what it is, in milliseconds; one that is busy is not waited for. */
const factsMs = 1_000;

export interface Facts {
  url: string;
  title: string;
  /** What has the focus, as `textbox "Email"`; null: nothing, or it cannot be told. */
  focused: string | null;
  /** Whether a link has been clicked whose target is to be kept as a file: no event tells that before the answer. */
  keeps: boolean;
}

/**
 * Lets what has been put into the page's queues be done, then tells where it is. The focused element goes by its
 * role where it is a usual one, and by what labels it. Clicks are noted from the first time on.
 */
const script = (since: number) => `(async () => {
  const kept = globalThis.nexoraKept ??= [];
  if (!globalThis.nexoraListens) addEventListener("click", (event) => {
    const isKept = (it) => it instanceof HTMLAnchorElement && it.hasAttribute("download") && it.href;
    if (event.composedPath().some(isKept) && kept.push(event) > 10) kept.shift();
  }, true);
  globalThis.nexoraListens = true;
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
  const isNew = (it) => !it.defaultPrevented && performance.timeOrigin + it.timeStamp >= ${since};
  return { url: location.href, title: document.title, focused: describe(), keeps: kept.some(isNew) };
})()`;

/** What a page is now, and was told since a moment (Date.now); what it cannot say is as the browser has it. */
export async function factsOf(
  { page, world }: PageWatch,
  signal: AbortSignal,
  since = 0,
): Promise<Facts> {
  const asked = deadline(factsMs, signal);
  const said = await world.evaluate(script(since), asked).catch(() => null);
  signal.throwIfAborted();
  const { url, title, focused, keeps } = (said ?? {}) as Partial<Record<keyof Facts, unknown>>;
  return {
    url: cleanUrl(typeof url === "string" ? url : page.url),
    title: plainLine((typeof title === "string" ? title : page.title).slice(0, 1000)),
    focused: typeof focused === "string" ? plainLine(focused.slice(0, 200)) : null,
    keeps: keeps === true,
  };
}
