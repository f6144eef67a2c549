import type { Afterwards, AfterwardsOutput } from "../../src/contract/input.ts";
import {
  type ScreenOptions,
  type ScreenOutput,
  screenOptions,
  type TextBlock,
} from "../../src/contract/screen.ts";
import { sayMore } from "../../src/words/screen.ts";
import type { Screens } from "../perception/screens.ts";
import type { Live } from "../sessions/directory.ts";
import type { Turns } from "../turns.ts";
import type { Waits } from "../waits/waits.ts";
import type { Settling } from "./settling.ts";

/** What `thenScreen: true` asks for: text alone is enough to go on. */
const textOnly = screenOptions.parse({ image: false });

type Reference = NonNullable<TextBlock["refs"]>[number];

/** Acts, waits and looks: what every verb that acts does the same way. */
export class Actions {
  constructor(
    private readonly parts: {
      waits: Pick<Waits, "arm">;
      screens: Pick<Screens, "look">;
      settling: Pick<Settling, "arm">;
      turns: Pick<Turns, "turn">;
    },
  ) {}

  /**
   * Runs an action when no list of others holds the session, then waits and looks as asked; changes count from
   * right before the action on.
   */
  async perform<T extends object>(
    { row }: Live,
    then: Afterwards,
    signal: AbortSignal,
    action: () => Promise<T>,
    /** Whether what was done is worth waiting for. */
    goesOn: (done: T) => boolean = () => true,
  ): Promise<T & AfterwardsOutput> {
    const { waits, screens, settling, turns } = this.parts;
    using turn = turns.turn(row.id);
    await turn.take(signal);
    const asked = then.thenScreen === true ? textOnly : then.thenScreen;
    const before = asked && asked.since === "before" ? await this.before(row, asked, signal) : null;
    const look = before && asked ? { ...asked, since: before.textRev ?? undefined } : asked;
    using armed = then.wait ? await waits.arm(row.id, then.wait, signal) : null;
    const wanted = look && { pixels: look.image, withinMs: then.settleMs };
    using settles = wanted ? await settling.arm(row.id, wanted, signal) : null;
    const started = performance.now();
    const done = await action();
    const durationMs = performance.now() - started;
    turn[Symbol.dispose]();
    const waited = armed && goesOn(done) ? await armed.until(signal) : null;
    if (!look || !settles) return { ...done, durationMs, waited, settled: null, screen: null };
    // A change is only the first of what the action causes.
    const reacted = waited !== null && waited.condition !== "change";
    const { screen, settled } = await settles.look(
      reacted,
      () => screens.look(row, look, signal),
      signal,
    );
    const shown = before ? withoutOldRefs(screen, before) : screen;
    return { ...done, durationMs, waited, settled, screen: shown };
  }

  /** The text of all windows, of which the later look tells the changes; and what one can act on, if it is asked for. */
  private before(
    row: Live["row"],
    { refs, refsIn, ocr }: ScreenOptions,
    signal: AbortSignal,
  ): Promise<ScreenOutput> {
    const look = { ...textOnly, refs: refs || refsIn !== undefined, ocr };
    return this.parts.screens.look(row, look, signal);
  }
}

/**
 * The screen with only those references that were not there before, or stood for something else; a place is no
 * change. Rows that repeat what one of these is called say nothing besides.
 */
function withoutOldRefs(screen: ScreenOutput, before: ScreenOutput): ScreenOutput {
  const facts = ({ box: _, ...its }: Reference) => JSON.stringify(its);
  const old = new Set(before.text?.flatMap(({ refs }) => refs ?? []).map(facts));
  const text = screen.text?.map((block): TextBlock => {
    const { refs, lines, rows } = block;
    if (!refs || refs.length === 0) return block;
    const fresh = refs.filter((each) => !old.has(facts(each)));
    const says = sayMore(lines, fresh);
    if (!says.includes(false)) return { ...block, refs: fresh };
    const kept = (_: unknown, at: number) => says[at];
    const numbers = rows ?? lines.map((_, at) => at + 1);
    return { ...block, lines: lines.filter(kept), rows: numbers.filter(kept), refs: fresh };
  });
  return { ...screen, text: text ?? null };
}
