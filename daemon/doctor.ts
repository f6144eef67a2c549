import { readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { within } from "../src/abort.ts";
import type { Check } from "../src/contract/daemon.ts";
import { asNexoraError, NexoraError } from "../src/contract/errors.ts";
import type { Driver } from "./drivers/driver.ts";
import type { Store } from "./store/store.ts";

/** How long one check may take, in milliseconds; the driver's own has 5 s, and says more. */
const checkMs = 6000;
/** Free disk under which sessions are likely to fail, in bytes. */
const lowDisk = 2 * 1024 ** 3;

/** Checks what Nexora depends on. */
export class Doctor {
  constructor(private readonly parts: { driver: Driver; store: Store; home: string }) {}

  /** The dependencies without which no request succeeds. */
  health(signal: AbortSignal): Promise<Check[]> {
    return Promise.all([this.engine(signal), this.store(signal)]);
  }

  async all(signal: AbortSignal): Promise<Check[]> {
    const rest = [
      this.image(signal),
      this.disk(signal),
      check("browser sandbox", signal, userNamespaces),
    ];
    return [...(await this.health(signal)), ...(await Promise.all(rest))];
  }

  private engine(signal: AbortSignal): Promise<Check> {
    return check("engine", signal, async (limited) => {
      const info = await this.parts.driver.check(limited);
      return `${info.name} ${info.version}, API ${info.apiVersion}, runtimes ${info.runtimes.join(", ")}`;
    });
  }

  private store(signal: AbortSignal): Promise<Check> {
    return check("store", signal, async (limited) => {
      const { store } = this.parts;
      await store.ping(limited);
      return store.kind === "pglite"
        ? "PGlite, embedded"
        : `PostgreSQL server at ${store.address}, set by ${store.source}`;
    });
  }

  private image(signal: AbortSignal): Promise<Check> {
    return check("image", signal, async (limited) => {
      const { images } = this.parts.driver;
      if (images === null) return "this engine has no images of its own";
      const image = await images.resolve(undefined, limited);
      return `${image.reference}${image.current ? "" : ", from another build: `nexora image build` renews it"}`;
    });
  }

  private disk(signal: AbortSignal): Promise<Check> {
    return check("disk", signal, async () => {
      const { bavail, bsize } = await statfs(this.parts.home);
      const free = bavail * bsize;
      const text = `${(free / 1024 ** 3).toFixed(1)} GiB free for ${this.parts.home}`;
      if (free < lowDisk) throw new Error(`only ${text}`);
      return text;
    });
  }
}

/** Chromium's sandbox needs user namespaces, which some hosts forbid to unprivileged users. */
async function userNamespaces(): Promise<string> {
  const forbidden =
    setting("kernel/apparmor_restrict_unprivileged_userns") === "1"
      ? "kernel.apparmor_restrict_unprivileged_userns=1"
      : setting("kernel/unprivileged_userns_clone") === "0"
        ? "kernel.unprivileged_userns_clone=0"
        : setting("user/max_user_namespaces") === "0"
          ? "user.max_user_namespaces=0"
          : null;
  if (forbidden)
    throw new NexoraError(
      "engine_failed",
      `this host forbids user namespaces (${forbidden}), which Chromium's sandbox needs`,
      { hint: "change that setting with sysctl; docs/troubleshooting.md says how" },
    );
  return "user namespaces are allowed";
}

function setting(name: string): string | null {
  try {
    return readFileSync(`/proc/sys/${name}`, "utf8").trim();
  } catch {
    return null;
  }
}

/** Ends at its deadline, whatever hangs: an engine, a server, a file system. */
async function check(
  name: string,
  signal: AbortSignal,
  run: (limited: AbortSignal) => Promise<string>,
): Promise<Check> {
  const own = AbortSignal.timeout(checkMs);
  const limited = AbortSignal.any([signal, own]);
  try {
    return { name, ok: true, message: await within(run(limited), limited), hint: null };
  } catch (error) {
    const known = asNexoraError(error);
    const late = own.aborted && known.code === "timeout";
    const message = late ? `no answer within ${checkMs / 1000} s` : known.message;
    return { name, ok: false, message, hint: known.hint ?? null };
  }
}
