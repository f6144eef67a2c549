import { delay, within } from "../../src/abort.ts";
import { type ScreenOptions, screenOptions } from "../../src/contract/screen.ts";
import type { Change } from "../../src/contract/watch.ts";
import type { Displays } from "../display/types.ts";
import type { Screened } from "./blocks.ts";
import type { Screens } from "./screens.ts";

export interface ChangesParts {
  displays: Pick<Displays, "acquire">;
  screens: Pick<Screens, "look">;
}

export interface Watched {
  of: "text" | "pixels";
  /** Changes in this time are told together, in milliseconds. */
  everyMs: number;
}

const onlyText: ScreenOptions = screenOptions.parse({ image: false });

/** Tells when a screen changes. Only changed pixels have it look, also for text. */
export class Changes {
  constructor(private readonly its: ChangesParts) {}

  /** What is there, and then each change, until `signal` aborts. Throws when the display ends. */
  async *follow(
    session: Screened,
    { of, everyMs }: Watched,
    signal: AbortSignal,
  ): AsyncGenerator<Change> {
    using lease = await this.its.displays.acquire(session.id, signal);
    const { display } = lease;
    let changed = Promise.withResolvers<void>();
    using ends = new DisposableStack();
    ends.defer(display.onChange(() => changed.resolve()));
    ends.defer(display.onClose((reason) => changed.reject(reason)));
    for (let last = ""; ; ) {
      if (display.closed) throw display.closed;
      changed = Promise.withResolvers();
      // The display may end while nobody waits for it.
      changed.promise.catch(() => {});
      const rev = of === "pixels" ? display.rev() : await this.textRev(session, signal);
      if (rev !== last) yield { time: new Date().toISOString(), rev };
      last = rev;
      await delay(everyMs, signal);
      await within(changed.promise, signal);
    }
  }

  private async textRev(session: Screened, signal: AbortSignal): Promise<string> {
    const { textRev } = await this.its.screens.look(session, onlyText, signal);
    return textRev ?? "";
  }
}
