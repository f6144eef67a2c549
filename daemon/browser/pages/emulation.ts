import type { Emulation } from "../../../src/contract/chrome-emulate.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import type { Page } from "../page.ts";
import type { Tab } from "../tab.ts";
import { Grants } from "./grants.ts";

/** What tabs pretend to be. It lasts as long as the connection to the tab. */
export class Emulations {
  private readonly byPage = new WeakMap<Page, Emulation>();
  private readonly grants = new Grants();

  /** Adds to what a tab pretends already, or begins anew; what it pretends then. Throws `usage` for what is refused. */
  async apply(
    tab: Tab,
    { reset, grant = [], ...changes }: Emulation & { reset: boolean },
    signal: AbortSignal,
  ): Promise<Emulation> {
    const known = Object.entries(changes).filter(([, value]) => value !== undefined);
    const before = reset ? {} : (this.byPage.get(tab.page) ?? {});
    const wanted: Emulation = { ...before, ...Object.fromEntries(known) };
    if (reset) await Promise.all([clear(tab, signal), this.grants.reset(tab.browser, signal)]);
    await Promise.all([
      emulateScreen(tab, wanted, signal),
      emulatePlace(tab, wanted, signal),
      this.grants.add(tab, grant, signal),
    ]);
    this.byPage.set(tab.page, wanted);
    const granted = this.grants.of(tab);
    return granted.length > 0 ? { ...wanted, grant: granted } : wanted;
  }
}

async function clear(tab: Tab, signal: AbortSignal): Promise<void> {
  const { page } = tab;
  await Promise.all([
    page.send("Emulation.clearDeviceMetricsOverride", undefined, { signal }),
    page.send("Emulation.setTouchEmulationEnabled", { enabled: false }, { signal }),
    page.send("Emulation.setEmulatedMedia", { media: "", features: [] }, { signal }),
    page.send("Emulation.setLocaleOverride", {}, { signal }),
    page.send("Emulation.setTimezoneOverride", { timezoneId: "" }, { signal }),
    page.send("Emulation.clearGeolocationOverride", undefined, { signal }),
    page.send("Network.setUserAgentOverride", { userAgent: "" }, { signal }),
    setOffline(tab, false, signal),
  ]);
}

async function emulateScreen({ page }: Tab, wanted: Emulation, signal: AbortSignal) {
  const { size, pixelRatio = 0, mobile, colours, reducedMotion } = wanted;
  if (size || pixelRatio > 0 || mobile) {
    const view = size ?? { width: 0, height: 0 };
    const metrics = { ...view, deviceScaleFactor: pixelRatio, mobile: mobile === true };
    await page.send("Emulation.setDeviceMetricsOverride", metrics, { signal });
  } else if (mobile === false) {
    await page.send("Emulation.clearDeviceMetricsOverride", undefined, { signal });
  }
  if (size || pixelRatio > 0 || mobile !== undefined) {
    const touch = { enabled: mobile === true };
    await page.send("Emulation.setTouchEmulationEnabled", touch, { signal });
  }
  const features = [
    ...(colours ? [{ name: "prefers-color-scheme", value: colours }] : []),
    ...(reducedMotion === undefined
      ? []
      : [{ name: "prefers-reduced-motion", value: reducedMotion ? "reduce" : "" }]),
  ];
  if (features.length > 0) await page.send("Emulation.setEmulatedMedia", { features }, { signal });
}

async function emulatePlace(tab: Tab, wanted: Emulation, signal: AbortSignal): Promise<void> {
  const { browser, page } = tab;
  const { locale, timezone, offline, geolocation } = wanted;
  if (locale !== undefined) {
    check("locale", locale, "write it as de-DE", () => Intl.getCanonicalLocales(locale));
    await page.send("Emulation.setLocaleOverride", { locale }, { signal });
    const { userAgent } = await browser.send("Browser.getVersion", undefined, { signal });
    const languages = { userAgent, acceptLanguage: locale };
    await page.send("Network.setUserAgentOverride", languages, { signal });
  }
  if (timezone !== undefined) {
    const options = { timeZone: timezone };
    check("timezone", timezone, "write it as Europe/Berlin", () =>
      Intl.DateTimeFormat("en", options),
    );
    await page.send("Emulation.setTimezoneOverride", { timezoneId: timezone }, { signal });
  }
  if (offline !== undefined) await setOffline(tab, offline, signal);
  if (geolocation) {
    await page.send(
      "Emulation.setGeolocationOverride",
      { ...geolocation, accuracy: 1 },
      { signal },
    );
  }
}

function setOffline({ page }: Tab, offline: boolean, signal: AbortSignal) {
  const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  return page.send("Network.emulateNetworkConditions", { offline, ...unlimited }, { signal });
}

/** Chromium takes any text, or keeps what it has, without a word. Throws `usage` for a value that is unknown. */
function check(what: string, value: string, hint: string, read: () => unknown): void {
  try {
    read();
  } catch {
    throw new NexoraError("usage", `there is no ${what} ${JSON.stringify(value)}`, { hint });
  }
}
