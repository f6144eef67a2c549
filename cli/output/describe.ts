import type { Image } from "../../src/contract/image.ts";
import type { OperationId, Output as Reply } from "../../src/contract/index.ts";
import type { Key } from "../../src/contract/keys.ts";
import type { Recording } from "../../src/contract/record.ts";
import type { Session } from "../../src/contract/session.ts";
import type { Token } from "../../src/contract/token.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import { exactDuration, formatDuration } from "../../src/duration.ts";
import { browserText, profileTable, tabTable } from "./chrome.ts";
import { statusText, trialText } from "./gateway.ts";
import { modelTable, providerTable, routeList } from "./models.ts";
import { pageDescriptions } from "./pages.ts";
import { fields, table } from "./table.ts";
import { formatBytes, printable } from "./units.ts";
import { usageTable } from "./usage.ts";

/** The reply of an operation in words; lines of `name: value` when it has none of its own. */
export function describe<Id extends OperationId>(id: Id, data: Reply<Id>): string {
  const own = descriptions[id];
  return own ? own(data) : fields({ ...data });
}

type Descriptions = { [Id in OperationId]?: (data: Reply<Id>) => string };

const descriptions: Descriptions = {
  "session.show": sessionFields,
  "session.stop": nameOf,
  "session.start": nameOf,
  "session.rename": nameOf,
  windows: ({ windows }) =>
    table(["ID", "STATE", "PLACE", "CLASS", "TITLE"], windows.map(windowRow)),
  "chrome.start": browserText,
  "chrome.stop": browserText,
  "chrome.status": browserText,
  "chrome.profile.save": ({ profile }) => profile.name,
  "chrome.profile.load": ({ profile }) => profile.name,
  "chrome.profile.ls": ({ profiles }) => profileTable(profiles),
  "chrome.profile.rm": nameOf,
  "chrome.tabs": ({ tabs }) => tabTable(tabs),
  "chrome.tabs.new": ({ tab }) => tab.id,
  "chrome.tabs.switch": ({ tab }) => tab.id,
  "chrome.endpoint": ({ url }) => url,
  "chrome.tabs.close": ({ tabs }) => tabTable(tabs),
  recordings: ({ recordings }) =>
    table(["ID", "KIND", "STATE", "SIZE", "FILE"], recordings.map(recordingRow)),
  "image.ls": ({ images }) => table(["REFERENCE", "ID", "SIZE", "AGE", ""], images.map(imageRow)),
  "image.rm": ({ removed }) => removed.join("\n"),
  "keys.set": keyName,
  "keys.rotate": keyName,
  "keys.rm": keyName,
  "keys.test": ({ message }) => printable(message),
  "keys.ls": ({ keys }) =>
    table(["PROVIDER", "NAME", "KEY", "SET", "USED", "EXPIRES", "HEALTH"], keys.map(keyRow)),
  "gateway.status": statusText,
  "gateway.test": trialText,
  "token.ls": ({ tokens }) =>
    table(["NAME", "SCOPE", "SESSIONS", "LAST USED", "EXPIRES", "LIMITS"], tokens.map(tokenRow)),
  "token.rm": nameOf,
  "gateway.models": modelTable,
  "gateway.providers": providerTable,
  "gateway.routes": routeList,
  "gateway.provider.add": ({ file }) => file,
  "gateway.provider.rm": ({ file }) => file,
  "gateway.usage": usageTable,
  ...pageDescriptions,
};

/** The window that has the focus has a star behind its id. */
function windowRow({ id, focused, state, region, class: name, title }: ManagedWindow): string[] {
  const { x, y, width, height } = region;
  const place = `${width}x${height} at ${x},${y}`;
  return [focused ? `${id} *` : id, state, place, printable(name), printable(title)];
}

function nameOf({ name }: { name: string }): string {
  return name;
}

/** Sessions as a table; the one that verbs act on has a star behind its name. */
export function sessionTable(sessions: readonly (Session & { current: boolean })[]): string {
  const heading = ["NAME", "STATE", "SIZE", "VNC", "AGE", "WORKSPACE"];
  return table(heading, sessions.map(sessionRow));
}

function sessionRow(session: Session & { current: boolean }): string[] {
  return [
    session.current ? `${session.name} *` : session.name,
    session.state,
    `${session.size.width}x${session.size.height}`,
    session.ports ? `127.0.0.1:${session.ports.vnc}` : "-",
    age(session.createdAt),
    printable(session.workspace ?? "-"),
  ];
}

function sessionFields(session: Reply<"session.show">): string {
  const { stats, ports, limits } = session;
  return fields({
    name: session.name,
    id: session.id,
    state: session.reason ? `${session.state} (${printable(session.reason)})` : session.state,
    unhealthy: session.unhealthy && printable(session.unhealthy),
    workspace: printable(session.workspace ?? "none"),
    image: session.image,
    size: `${session.size.width}x${session.size.height}`,
    profile: session.profile,
    network: session.network,
    vnc: ports && `127.0.0.1:${ports.vnc}`,
    cdp: ports && `127.0.0.1:${ports.cdp}`,
    limits: `${limits.cpus} CPUs, ${formatBytes(limits.memoryBytes)}, ${limits.pids} processes`,
    uses:
      stats &&
      `${stats.cpuPercent.toFixed(0)} % CPU, ${formatBytes(stats.memoryBytes)}, ${stats.pids} processes`,
    user: `${session.uid}:${session.gid}`,
    ends: session.ttlMs && `${exactDuration(session.ttlMs)} after it starts`,
    idle: session.idleMs && `stops after ${exactDuration(session.idleMs)} without use`,
    expires: session.expiresAt && `${session.expiresAt}, unless it is used before`,
    restart: session.restart ? "restarted when it dies" : null,
    runtime: session.runtime,
    models: session.models && (session.models.map(printable).join(", ") || "none"),
    created: session.createdAt,
    started: session.startedAt,
    ended: session.endedAt,
    ready: session.readyMs && `in ${formatDuration(session.readyMs)}`,
    notice: session.notices.map(printable).join("; ") || null,
  });
}

function tokenRow(token: Token): string[] {
  const { name, scope, sessions, lastUsedAt, expiresAt } = token;
  const bound = sessions?.map((it) => printable(it.name ?? `${it.id} (gone)`)).join(", ");
  const touches = scope === "models" ? "none" : (bound ?? "all");
  const used = lastUsedAt === null ? "never" : `${age(lastUsedAt)} ago`;
  return [name, scope, touches, used, expiresAt ?? "never", limitsOf(token)];
}

function limitsOf({ models, limits: { rpm, tpm, budgetUsd } }: Token): string {
  const limits = [
    ...(models ?? []),
    rpm && `${rpm} requests/min`,
    tpm && `${tpm} tokens/min`,
    budgetUsd.day !== null && `${budgetUsd.day} USD/day`,
    budgetUsd.month !== null && `${budgetUsd.month} USD/month`,
  ];
  return limits.filter(Boolean).join(", ") || "none";
}

function keyName({ provider, name }: Pick<Key, "provider" | "name">): string {
  return `${provider}/${name}`;
}

function keyRow(key: Key): string[] {
  const { provider, name, last4, createdAt, usedAt, expiresAt, health } = key;
  const used = usedAt === null ? "never" : `${age(usedAt)} ago`;
  return [provider, name, `…${last4}`, `${age(createdAt)} ago`, used, ends(expiresAt), health];
}

/** `in 3 d` when it is near, else the moment. */
function ends(at: string | null): string {
  if (at === null) return "never";
  const left = Date.parse(at) - Date.now();
  if (left <= 0) return "expired";
  return left < 30 * 24 * 3_600_000 ? `in ${formatDuration(left)}` : at;
}

function imageRow(image: Image): string[] {
  return [
    image.reference,
    image.id.replace(/^sha256:/, "").slice(0, 12),
    formatBytes(image.sizeBytes),
    age(image.createdAt),
    image.current ? "current" : "from another build",
  ];
}

function age(since: string): string {
  return formatDuration(Math.max(0, Date.now() - Date.parse(since)));
}

function recordingRow({ id, kind, ended, bytes, path }: Recording): string[] {
  return [id, kind, ended ?? "goes on", formatBytes(bytes), printable(path)];
}
