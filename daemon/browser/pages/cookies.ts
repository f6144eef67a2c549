import type { Protocol } from "devtools-protocol/types/protocol.js";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import type { Tab } from "../tab.ts";

/** Most cookies that one reply has. */
const maxCookies = 2_000;

export interface Cookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  /** Null: until the browser ends. */
  expires: string | null;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Strict" | "Lax" | "None" | null;
}

export interface NewCookie {
  name: string;
  value: string;
  url?: string | undefined;
  domain?: string | undefined;
  path?: string | undefined;
  expiresInMs?: number | undefined;
  httpOnly: boolean;
  secure: boolean;
  sameSite?: "Strict" | "Lax" | "None" | undefined;
}

/** The cookies that a page's requests carry, or all of the browser's. */
export async function listCookies(
  { browser, page }: Tab,
  all: boolean,
  signal: AbortSignal,
): Promise<{ cookies: Cookie[]; left: number }> {
  const { cookies } = all
    ? await browser.send("Storage.getCookies", {}, { signal })
    : await page.send("Network.getCookies", {}, { signal });
  const shown = cookies.slice(0, maxCookies).map(cookieOf);
  return { cookies: shown, left: cookies.length - shown.length };
}

/** Sets a cookie, for the page's own address unless another is given. Throws `usage` when the browser refuses it. */
export async function setCookie({ page }: Tab, cookie: NewCookie, signal: AbortSignal) {
  const {
    expiresInMs,
    url = cookie.domain === undefined ? page.url : undefined,
    ...facts
  } = cookie;
  if (url !== undefined && !/^https?:/.test(url)) {
    throw new NexoraError("usage", "only pages by http:// and https:// have cookies", {
      hint: "open the page first, or say --url or --domain",
    });
  }
  const expires = expiresInMs === undefined ? undefined : Date.now() / 1000 + expiresInMs / 1000;
  const asked = { ...facts, ...(url === undefined ? {} : { url }), expires };
  const given = JSON.parse(JSON.stringify(asked)) as Protocol.Network.SetCookieRequest;
  const { success } = await page.send("Network.setCookie", given, { signal }).catch((error) => {
    if (error instanceof NexoraError && error.code !== "action_failed") throw error;
    return { success: false };
  });
  if (success) return;
  throw new NexoraError("usage", `the browser refuses the cookie ${JSON.stringify(cookie.name)}`, {
    hint: "its domain must be the page's own or above, a secure one needs https, SameSite=None needs --secure",
  });
}

/** Removes cookies by name, those of the page, or all; how many. */
export async function removeCookies(
  tab: Tab,
  { name, all }: { name?: string | undefined; all: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { cookies } = await listCookies(tab, all, signal);
  const meant = cookies.filter((it) => name === undefined || it.name === name);
  await Promise.all(
    meant.map(({ name: known, domain, path }) =>
      tab.page.send("Network.deleteCookies", { name: known, domain, path }, { signal }),
    ),
  );
  return meant.length;
}

function cookieOf(it: Protocol.Network.Cookie): Cookie {
  const line = (text: string) => plainLine(String(text).slice(0, 8192));
  return {
    name: line(it.name),
    value: line(it.value),
    domain: line(it.domain),
    path: line(it.path),
    expires: it.session || !(it.expires > 0) ? null : timeOf(it.expires),
    httpOnly: it.httpOnly === true,
    secure: it.secure === true,
    sameSite: it.sameSite ?? null,
  };
}

/** A cookie may last longer than JavaScript can say. */
function timeOf(seconds: number): string {
  return new Date(Math.min(seconds * 1000, 8.64e15)).toISOString();
}
