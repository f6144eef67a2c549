import { rfbPort } from "../../../../src/runner/protocol.ts";
import { messageOf } from "../../../../src/thrown.ts";
import { GrowingPause } from "../growing-pause.ts";
import type { Log } from "../log.ts";
import { connectionsTo } from "../ports.ts";
import type { ManagedWindows } from "./managed-windows.ts";

/** How long a viewer may take to be gone, in milliseconds. */
const goneMs = 5_000;

/**
 * Lets go of the buttons that a viewer held when it went: the X server leaves them down for whoever comes
 * next, and all that the pointer then passes is dragged.
 */
export class HeldButtons {
  private checking = false;

  constructor(
    private readonly parts: {
      windows: Pick<ManagedWindows, "pointer">;
      vncPassword: string;
      log: Log;
    },
  ) {}

  /** To be called when somebody has gone who may have been a viewer as well. Never rejects. */
  async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      const end = performance.now() + goneMs;
      const pause = new GrowingPause(10, 500);
      // Another viewer may be the one who holds it.
      while ((await this.isDown()) && performance.now() < end) {
        if (connectionsTo(rfbPort) === 0) return await this.letGo();
        await pause.wait();
      }
    } catch (error) {
      this.parts.log.line("runner", `a button may still be down: ${messageOf(error)}`);
    } finally {
      this.checking = false;
    }
  }

  private async isDown(): Promise<boolean> {
    return (await this.parts.windows.pointer()).isDown;
  }

  private async letGo(): Promise<void> {
    const { windows, vncPassword, log } = this.parts;
    // Seldom needed, and large.
    const { releaseButtons } = await import("./release-buttons.ts");
    await releaseButtons(vncPassword, await windows.pointer());
    log.line("runner", "a viewer went with a button down; it is up again");
  }
}
