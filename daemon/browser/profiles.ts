import { z } from "zod";
import type { Profile } from "../../src/contract/chrome-profile.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Exec } from "../exec/exec.ts";
import type { Live } from "../sessions/directory.ts";
import type { Browser } from "./browser.ts";
import type { Browsers } from "./browsers.ts";
import type { ProfileRecords } from "./profile-records.ts";

/** What of a profile is kept: what sites have stored, and logins. No history, no caches. */
const kept = [
  ...["Cookies", "Cookies-journal", "Network", "Local Storage", "Session Storage", "IndexedDB"],
  ...["WebStorage", "File System", "databases", "Login Data", "Login Data-journal"],
];
/** Longest archive, in bytes, compressed. */
const maxBytes = 24 * 1024 * 1024;
const folder = '"$HOME/.config/chromium/Default"';
const names = kept.map((name) => `'${name}'`).join(" ");

/** Fails with status 3 when there is nothing to keep. */
const packing = `cd ${folder} 2>/dev/null || exit 3
set --; for name in ${names}; do [ -e "$name" ] && set -- "$@" "$name"; done
[ $# -gt 0 ] || exit 3
tar --create --gzip --file=- -- "$@"`;

/** Aside first: what was packed in another session is that session's, and may hold anything. */
const unpacking = `set -e; mkdir -p ${folder}; cd ${folder}
rm -rf .nexora; mkdir .nexora; trap 'rm -rf .nexora' EXIT
tar --extract --gzip --file=- --directory=.nexora --no-same-owner --no-same-permissions
if [ -n "$(find .nexora ! -type f ! -type d -print -quit)" ]; then echo 'it holds a link' >&2; exit 4; fi
for name in ${names}; do rm -rf "$name"; [ ! -e ".nexora/$name" ] || mv ".nexora/$name" "$name"; done`;

/** What is sealed: files of the profile, and the cookies that a running browser has. */
const content = z.object({
  archive: z.base64(),
  cookies: z.array(z.record(z.string(), z.unknown())),
});

/** Cookies, storage and logins of browsers, kept in the store and taken into other sessions. */
export class Profiles {
  constructor(
    private readonly parts: {
      browsers: Browsers;
      exec: Pick<Exec, "run">;
      records: ProfileRecords;
    },
  ) {}

  /** Throws `not_found` when there is nothing to save, `too_large`, `action_failed`. */
  async save(session: Live, name: string, signal: AbortSignal): Promise<Profile> {
    const { browsers, records } = this.parts;
    const browser = await browsers.existing(session, signal);
    const cookies = browser ? await cookiesOf(browser, signal) : [];
    const archive = await browsers.whileStopped(session, signal, () => this.pack(session, signal));
    await restoreCookies(browsers.running(session.row.id), cookies, signal);
    return records.put(name, session.row.name, JSON.stringify({ archive, cookies }));
  }

  /** Throws `not_found`, `action_failed`. */
  async load(session: Live, name: string, signal: AbortSignal): Promise<Profile> {
    const { browsers, records } = this.parts;
    const { profile, text } = await records.get(name);
    const { archive, cookies } = content.parse(JSON.parse(text));
    const bytes = Buffer.from(archive, "base64");
    await browsers.whileStopped(session, signal, () => this.unpack(session, bytes, signal));
    await restoreCookies(await browsers.of(session, signal), cookies, signal);
    return profile;
  }

  /** The files, as base64. */
  private async pack(session: Live, signal: AbortSignal): Promise<string> {
    const result = await this.run(session, packing, new Uint8Array(), signal);
    if (result.exitCode === 3) {
      throw new NexoraError("not_found", "the session's browser has no profile yet", {
        hint: "start it with `nexora chrome start`",
      });
    }
    if (result.exitCode !== 0) throw failed("read", result.stderr);
    const { stdout, stdoutEncoding } = result;
    const bytes = Buffer.from(stdout, stdoutEncoding === "utf8" ? "utf8" : "base64");
    if (bytes.length <= maxBytes && !result.truncated) return bytes.toString("base64");
    const size = `${Math.ceil(bytes.length / 1024 / 1024)} MiB`;
    throw new NexoraError("too_large", `the profile has ${size}; at most 24 MiB can be kept`, {
      hint: "remove what sites have stored in the browser's settings",
    });
  }

  private async unpack(session: Live, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const { exitCode, stderr } = await this.run(session, unpacking, bytes, signal);
    if (exitCode !== 0) throw failed("written", stderr);
  }

  private run(session: Live, script: string, stdin: Uint8Array, signal: AbortSignal) {
    const spec = { command: ["bash", "-c", script], detach: false, tty: null, timeoutMs: 60_000 };
    return this.parts.exec.run(session.row.id, spec, stdin, signal);
  }
}

/** All cookies: also those that last as long as the browser runs, as many logins do, and those not written yet. */
async function cookiesOf(browser: Browser, signal: AbortSignal) {
  const { cookies } = await browser.send("Storage.getCookies", {}, { signal });
  return cookies.map(({ expires, ...cookie }) =>
    cookie.session ? cookie : { ...cookie, expires },
  );
}

async function restoreCookies(
  browser: Browser | null,
  cookies: readonly Record<string, unknown>[],
  signal: AbortSignal,
): Promise<void> {
  if (!browser || cookies.length === 0) return;
  await browser.send("Storage.setCookies", { cookies: cookies.map(settable) }, { signal });
}

/** A cookie as the browser takes it: other fields are an error to it. */
function settable(cookie: Record<string, unknown>) {
  const { name, value, domain, path, secure, httpOnly, sameSite, expires } = cookie;
  const { priority, partitionKey } = cookie;
  const where = { domain, path, secure, httpOnly, sameSite, expires };
  const all = { name, value, ...where, priority, partitionKey };
  const given = Object.entries(all).filter(([, field]) => field !== undefined);
  return Object.fromEntries(given) as { name: string; value: string };
}

function failed(what: string, stderr: string): NexoraError {
  const why = stderr.trim().split("\n")[0] || "tar failed";
  return new NexoraError("action_failed", `the browser's profile could not be ${what}: ${why}`, {
    hint: "is the disk full? see `nexora session show`",
  });
}
