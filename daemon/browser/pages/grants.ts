import type { Emulation } from "../../../src/contract/chrome-emulate.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Browser } from "../browser.ts";
import type { Tab } from "../tab.ts";

type Permission = NonNullable<Emulation["grant"]>[number];

/** What sites may do without asking. It is a site's in all tabs of a browser, and not the next site's. */
export class Grants {
  /** By origin. */
  private readonly byBrowser = new WeakMap<Browser, Map<string, Set<Permission>>>();

  /** What the site of a tab's page has been granted. */
  of({ browser, page }: Pick<Tab, "browser" | "page">): Permission[] {
    return [...(this.byBrowser.get(browser)?.get(originOf(page.url)) ?? [])];
  }

  /** Grants to the site of a tab's page. Throws `usage` where no page of a site is open. */
  async add({ browser, page }: Tab, names: readonly Permission[], signal: AbortSignal) {
    if (names.length === 0) return;
    const origin = originOf(page.url);
    if (origin === "null") {
      throw new NexoraError(
        "usage",
        "permissions are granted to a site, and no page of one is open",
        { hint: "`nexora chrome goto URL` first" },
      );
    }
    await Promise.all(names.map((name) => grant(browser, origin, name, signal)));
    const all = this.byBrowser.get(browser) ?? new Map<string, Set<Permission>>();
    this.byBrowser.set(browser, all);
    all.set(origin, new Set([...(all.get(origin) ?? []), ...names]));
  }

  async reset(browser: Browser, signal: AbortSignal): Promise<void> {
    await browser.send("Browser.resetPermissions", {}, { signal });
    this.byBrowser.delete(browser);
  }
}

async function grant(
  browser: Browser,
  origin: string,
  name: Permission,
  signal: AbortSignal,
): Promise<void> {
  const more = name === "clipboard-write" ? { allowWithoutSanitization: true } : {};
  const granted = { permission: { name, ...more }, setting: "granted", origin } as const;
  await browser.send("Browser.setPermission", granted, { signal });
}

/** `null` for what is no site's. */
function originOf(url: string): string {
  return URL.parse(url)?.origin ?? "null";
}
