import { sessionBus } from "../account.ts";
import { BusConnection } from "../dbus/connection.ts";

/** How long the session's bus may take to start that of accessibility, in milliseconds. */
const startMs = 5_000;

/** The way to the bus of accessibility: connects when it is first asked, and again when it broke. */
export class AccessibilityBus {
  private opened: Promise<BusConnection | null> | null = null;

  /** The connection; null: the image has no such bus. Starts it when it does not run. */
  async connection(): Promise<BusConnection | null> {
    const asked = this.opened;
    const known = await asked;
    if (known && !known.closed) return known;
    // Another caller may have begun meanwhile.
    if (this.opened === asked) this.opened = open().catch(() => null);
    return this.opened;
  }
}

async function open(): Promise<BusConnection | null> {
  const session = await BusConnection.open(sessionBus);
  try {
    const name = "org.a11y.Bus";
    const asked = { destination: name, path: "/org/a11y/bus", interface: name };
    const [address] = await session.call({ ...asked, member: "GetAddress" }, startMs);
    return typeof address === "string" ? await BusConnection.open(address) : null;
  } finally {
    session.close();
  }
}
