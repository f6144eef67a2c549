import { isIP } from "node:net";

/**
 * A base URL without the slash at its end. Throws a sentence about what is wrong with it: a key must
 * not cross the internet unencrypted, and has its own place, which is not the URL.
 */
export function readBaseUrl(text: string, keyed: boolean): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error("must be an http or https URL");
  if (url.username || url.password) throw new Error("must not have a user or password in it");
  if (url.search || url.hash) throw new Error("must end with a path, without ? or #");
  if (url.protocol === "http:" && keyed && !isNear(url.hostname)) {
    throw new Error("must be https, or the key would be sent for all to read");
  }
  return url.href.replace(/\/+$/, "");
}

/** Whether a host is this machine. */
export function isHere(hostname: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost|.+\.localhost)$/i.test(hostname);
}

/** Whether a host is this machine or one of its own network, as far as the name tells. */
export function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (isIP(host) === 6) return host === "::1" || /^f[cd]|^fe[89ab]/.test(host);
  if (isIP(host) === 4) {
    // RFC 1918, loopback (RFC 1122) and link-local (RFC 3927) addresses.
    return /^(10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\./.test(host);
  }
  return !host.includes(".") || /\.(localhost|local|internal|lan|home\.arpa)$/.test(host);
}
