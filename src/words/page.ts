import type { Changed, PageDialog } from "../contract/chrome-changes.ts";
import type { Output } from "../contract/index.ts";
import { plainLine, plainText } from "../plain-text.ts";

type Landed = Output<"chrome.goto">;

/** What a verb that acts on a page has changed, a line each; then the part of its tree. */
export function changedText({ navigated, ...changed }: Changed): string {
  const { loading, opened, closed, dialog, downloads, focused, snapshot } = changed;
  const lines = [
    ...(navigated ? [pageText(navigated)] : []),
    ...(loading === null ? [] : [`still loading ${plainLine(loading)}`]),
    ...opened.map((it) => `opened ${it.tab} ${pageText(it)}`),
    ...closed.map((id) => `closed ${id}`),
    ...(dialog ? [dialogText(dialog)] : []),
    ...downloads.map(({ file, state }) => `download ${plainLine(file)} (${state})`),
    ...(focused === null ? [] : [`focus on ${plainLine(focused)}`]),
  ];
  return [...lines, ...(snapshot === null ? [] : [snapshotText(snapshot)])].join("\n");
}

/** Where a page has landed, and what else has changed. */
export function landedText({ url, title, status, reached, changed }: Landed): string {
  const rest = changedText({ ...changed, navigated: null, focused: null });
  const far =
    reached === "load" || reached === "networkidle" ? "" : ` (${reached ?? "not there yet"})`;
  return `${pageText({ url, title, status })}${far}${rest === "" ? "" : `\n${rest}`}`;
}

/** `confirm: "Sure?"`. */
export function dialogText({ type, message, defaultText }: PageDialog): string {
  const suggests = defaultText ? `, suggests ${JSON.stringify(plainLine(defaultText))}` : "";
  return `dialog ${type}: ${JSON.stringify(plainLine(message))}${suggests}; \`nexora chrome dialog accept\` or \`dismiss\` answers it`;
}

interface Place {
  url: string;
  title: string;
  status?: number | null;
  failed?: string | null;
}

function pageText({ url, title, status, failed }: Place): string {
  const name = title === "" ? "" : ` ${JSON.stringify(plainLine(title))}`;
  const outcome = failed ? plainLine(failed) : status;
  return `${plainLine(url)}${name}${outcome ? ` ${outcome}` : ""}`;
}

function snapshotText(snapshot: string): string {
  return snapshot === "" ? "nothing of the page has changed" : plainText(snapshot);
}
