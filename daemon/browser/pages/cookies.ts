import type { Protocol } from "devtools-protocol/types/protocol.js";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import { Refusal } from "../cdp/protocol.ts";
import type { Tab } from "../tab.ts";

/** Most cookies that one reply has. */
const maxCookies = 2_000;
/** Cookies that are removed side by side. */
const removedAtOnce = 100;

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
  tab: Tab,
  all: boolean,
  signal: AbortSignal,
): Promise<{ cookies: Cookie[]; left: number }> {
  const cookies = await cookiesOf(tab, all, signal);
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

/** Removes cookies by name, those of the page, or all; how many are gone then. */
export async function removeCookies(
  tab: Tab,
  { name, all }: { name?: string | undefined; all: boolean },
  signal: AbortSignal,
): Promise<number> {
  const cookies = await cookiesOf(tab, all, signal);
  const meant = cookies.filter(
    (it) => name === undefined || it.name === name || cookieOf(it).name === name,
  );
  for (let at = 0; at < meant.length; at += removedAtOnce) {
    const some = meant.slice(at, at + removedAtOnce);
    await Promise.all(some.map((it) => removeCookie(tab, it, signal)));
  }
  if (meant.length === 0) return 0;
  // Of all pages: the tab may have gone on to another one.
  const left = new Set((await cookiesOf(tab, true, signal)).map(identityOf));
  return meant.filter((it) => !left.has(identityOf(it))).length;
}

/** One that the browser does not remove is still there when it is asked again. */
async function removeCookie({ page }: Tab, it: Protocol.Network.Cookie, signal: AbortSignal) {
  const { name, domain, path, partitionKey } = it;
  const meant = { name, domain, path, ...(partitionKey === undefined ? {} : { partitionKey }) };
  await page.send("Network.deleteCookies", meant, { signal }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
}

/** As the browser has them. */
async function cookiesOf({ browser, page }: Tab, all: boolean, signal: AbortSignal) {
  const { cookies } = all
    ? await browser.send("Storage.getCookies", {}, { signal })
    : await page.send("Network.getCookies", {}, { signal });
  return cookies;
}

function identityOf({ name, domain, path, partitionKey }: Protocol.Network.Cookie): string {
  return JSON.stringify([name, domain, path, partitionKey ?? null]);
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
