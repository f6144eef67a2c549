import type { Afterwards, AfterwardsOutput } from "../../src/contract/input.ts";
import { screenOptions } from "../../src/contract/screen.ts";
import type { Screens } from "../display/screen.ts";
import type { Waits } from "../display/wait.ts";
import type { Live } from "../sessions/directory.ts";

/** What `thenScreen: true` asks for: text alone is enough to go on. */
const textOnly = screenOptions.parse({ image: false });

/** Acts, waits and looks: what every verb that acts does the same way. */
export class Actions {
  constructor(private readonly parts: { waits: Waits; screens: Screens }) {}

  /** Runs an action, then waits and looks as asked; changes count from before the action on. */
  async perform<T extends object>(
    { row }: Live,
    then: Afterwards,
    signal: AbortSignal,
    action: () => Promise<T>,
  ): Promise<T & AfterwardsOutput> {
    const { waits, screens } = this.parts;
    using armed = then.wait ? await waits.arm(row.id, then.wait, signal) : null;
    const started = performance.now();
    const done = await action();
    const durationMs = performance.now() - started;
    const waited = armed ? await armed.until(signal) : null;
    const look = then.thenScreen === true ? textOnly : then.thenScreen;
    const screen = look ? await screens.look(row, look, signal) : null;
    return { ...done, durationMs, waited, screen };
  }
}
