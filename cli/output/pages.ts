import type { Output } from "../../src/contract/index.ts";
import { formatDuration } from "../../src/duration.ts";
import { plainText } from "../../src/plain-text.ts";
import { dialogText } from "../../src/words/page.ts";
import { fields, table } from "./table.ts";
import { formatBytes, printable } from "./units.ts";

/** A value as JSON, with what a terminal would obey escaped. */
export function jsonText(value: unknown): string {
  const escaped = (it: string) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value ?? null, null, 2).replace(/[\x7f-\x9f]/g, escaped);
}

function consoleText({ entries, missed }: Output<"chrome.console">): string {
  const lines = entries.map(({ level, text, where, count }) => {
    const times = count > 1 ? ` (${count} times)` : "";
    return `${level}: ${plainText(text)}${times}${where ? `  ${printable(where)}` : ""}`;
  });
  return [...missedText(missed), ...lines].join("\n");
}

function networkText({ entries, pending, missed }: Output<"chrome.network">): string {
  const ended = entries.map((it) => [
    it.failed ? "failed" : String(it.status ?? "-"),
    it.method,
    it.type,
    it.bytes === null ? "-" : formatBytes(it.bytes),
    it.ms === null ? "-" : formatDuration(it.ms),
    printable(it.failed ? `${it.url} ${it.failed}` : it.url),
  ]);
  const waiting = pending.map(({ method, type, url }) => [
    "…",
    method,
    type,
    "-",
    "-",
    printable(url),
  ]);
  const rows = [...ended, ...waiting];
  if (rows.length === 0) return missedText(missed).join("\n");
  const heading = ["STATUS", "METHOD", "TYPE", "SIZE", "TIME", "URL"];
  return [...missedText(missed), table(heading, rows)].join("\n");
}

function cookieTable({ cookies, left }: Output<"chrome.cookies">): string {
  const rows = cookies.map(({ name, value, domain, path, expires, ...it }) => [
    printable(name),
    printable(value),
    printable(domain + path),
    expires ?? "session",
    [it.httpOnly && "http-only", it.secure && "secure", it.sameSite].filter(Boolean).join(" "),
  ]);
  const more = left > 0 ? `\n${left} more` : "";
  return `${table(["NAME", "VALUE", "FOR", "EXPIRES", ""], rows)}${more}`;
}

function storageText({ items, left }: Output<"chrome.storage">): string {
  const lines = items.map(({ key, value }) => `${printable(key)}: ${printable(value)}`);
  return [...lines, ...(left > 0 ? [`${left} more`] : [])].join("\n");
}

function missedText(missed: number): string[] {
  return missed > 0 ? [`${missed} entries are not kept: there were too many`] : [];
}

function shownDialog({ dialog, answered, tab }: Output<"chrome.dialog">): string {
  if (dialog === null) return `no dialog is open in tab ${tab}`;
  return answered ? "" : dialogText(dialog);
}

function waitText({ condition, evidence, waitedMs }: Output<"chrome.wait">): string {
  const seen = evidence === null ? "" : `: ${printable(evidence)}`;
  return `${condition} after ${formatDuration(waitedMs)}${seen}`;
}

/** The replies of verbs about pages in words. */
export const pageDescriptions = {
  "chrome.dialog": shownDialog,
  "chrome.wait": waitText,
  "chrome.console": consoleText,
  "chrome.network": networkText,
  "chrome.cookies": cookieTable,
  "chrome.cookies.set": () => "",
  "chrome.storage": storageText,
  "chrome.storage.set": () => "",
  "chrome.emulate": ({ emulated }: Output<"chrome.emulate">) => fields(emulated),
};
