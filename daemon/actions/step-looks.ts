import type { StepResult } from "../../src/contract/batch.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { Operation } from "../../src/contract/operation.ts";
import { screenOptions } from "../../src/contract/screen.ts";
import type { Screens } from "../perception/screens.ts";
import type { SessionRow } from "../store/sessions.ts";
import type { Settling } from "./settling.ts";

/** Characters of text that a step shows at most. */
const maxShown = 4_000;

export interface StepLookParts {
  screens: Pick<Screens, "look">;
  settling: Pick<Settling, "arm">;
}

/** Looks after each step of a list at what the screen's text has changed since the step before. */
export class StepLooks {
  /** Of the last look. */
  private since: string | undefined;

  private constructor(
    private readonly parts: StepLookParts,
    private readonly session: SessionRow,
    private readonly settleMs: number,
  ) {}

  /** Looks for the first time, before the first step. */
  static async begin(
    parts: StepLookParts,
    session: SessionRow,
    settleMs: number,
    signal: AbortSignal,
  ): Promise<StepLooks> {
    const looks = new StepLooks(parts, session, settleMs);
    await looks.look(signal);
    return looks;
  }

  /** What has changed, once what the step has caused is still. What cannot be seen is `degraded`. */
  async after(
    operation: Operation,
    { reply }: Pick<StepResult, "reply">,
    signal: AbortSignal,
  ): Promise<StepResult["screen"]> {
    const { settling } = this.parts;
    const { waited = null } = (reply ?? {}) as { waited?: object | null };
    // What sends no keys and clicks has nothing that the screen is to answer.
    const hasReacted = !("settleMs" in operation.input.shape) || waited !== null;
    try {
      const wanted = { pixels: false, withinMs: this.settleMs };
      using settles = await settling.arm(this.session.id, wanted, signal);
      const { screen } = await settles.look(hasReacted, () => this.look(signal), signal);
      const text = (screen.text ?? []).filter(({ lines }) => lines.length > 0);
      const { window, textRev, gone, degraded } = screen;
      return { window, text, textRev, gone, degraded };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NexoraError)) throw error;
      return { window: null, text: [], textRev: null, gone: null, degraded: error.message };
    }
  }

  private async look(signal: AbortSignal) {
    const { since } = this;
    const options = { image: false, maxOutput: maxShown, ...(since ? { since } : {}) };
    const screen = await this.parts.screens.look(
      this.session,
      screenOptions.parse(options),
      signal,
    );
    this.since = screen.textRev ?? since;
    return screen;
  }
}
