import type { Afterwards, AfterwardsOutput } from "../../src/contract/input.ts";
import { screenOptions } from "../../src/contract/screen.ts";
import type { Screens } from "../perception/screens.ts";
import type { Live } from "../sessions/directory.ts";
import type { Waits } from "../waits/waits.ts";
import type { Settling } from "./settling.ts";

/** What `thenScreen: true` asks for: text alone is enough to go on. */
const textOnly = screenOptions.parse({ image: false });

/** Acts, waits and looks: what every verb that acts does the same way. */
export class Actions {
  constructor(private readonly parts: { waits: Waits; screens: Screens; settling: Settling }) {}

  /** Runs an action, then waits and looks as asked; changes count from before the action on. */
  async perform<T extends object>(
    { row }: Live,
    then: Afterwards,
    signal: AbortSignal,
    action: () => Promise<T>,
    /** Whether what was done is worth waiting for. */
    goesOn: (done: T) => boolean = () => true,
  ): Promise<T & AfterwardsOutput> {
    const { waits, screens, settling } = this.parts;
    const look = then.thenScreen === true ? textOnly : then.thenScreen;
    using armed = then.wait ? await waits.arm(row.id, then.wait, signal) : null;
    const wanted = look && { pixels: look.image, withinMs: then.settleMs };
    using settles = wanted ? await settling.arm(row.id, wanted, signal) : null;
    const started = performance.now();
    const done = await action();
    const durationMs = performance.now() - started;
    const waited = armed && goesOn(done) ? await armed.until(signal) : null;
    if (!look || !settles) return { ...done, durationMs, waited, settled: null, screen: null };
    // A change is only the first of what the action causes.
    const reacted = waited !== null && waited.condition !== "change";
    const seen = await settles.look(reacted, () => screens.look(row, look, signal), signal);
    return { ...done, durationMs, waited, ...seen };
  }
}
