import type { WaitCondition } from "../../src/contract/wait.ts";
import type { ManagedWindow } from "../../src/contract/window.ts";
import { windowsNamed } from "../desktop/windows.ts";
import { awaitedWindows } from "./conditions.ts";
import { type Held, held } from "./held.ts";
import { shellChecks, titleChecks } from "./screen-checks.ts";
import type { Sight } from "./sight.ts";
import { type MatchPatterns, textChecks } from "./text-checks.ts";

/** Says what holds, of each condition but those about pixels in turn; null: it does not. */
export type Checks = (sight: Sight) => Promise<(Held | null)[]>;

/** `shell` is the terminal whose prompt is meant; null: that of the one in front. */
export function checksOf(
  wanted: WaitCondition,
  shell: string | null,
  matches: MatchPatterns,
): Checks {
  return async ({ screen, texts, windows, listeners, things }) => [
    ...(screen ? shellChecks(wanted, screen, shell) : []),
    ...(texts ? await textChecks(wanted, texts, matches) : []),
    ...(screen ? await titleChecks(wanted, screen, matches) : []),
    ...windowChecks(wanted, windows ?? []),
    ...wanted.port.map((port) => {
      const listener = listeners?.find((each) => each.port === port);
      return listener ? held(`port=${port}`, { listener }) : null;
    }),
    ...wanted.ref.map((ref) => (things?.get(ref) === true ? held(`ref=${ref}`) : null)),
    ...wanted.refGone.map((ref) => (things?.get(ref) === false ? held(`ref-gone=${ref}`) : null)),
  ];
}

function windowChecks(wanted: WaitCondition, windows: readonly ManagedWindow[]): (Held | null)[] {
  return [
    ...awaitedWindows(wanted).map((name) => {
      const [window] = windowsNamed(name, windows);
      return window ? held(`window=${name}`, { ...shown(window) }) : null;
    }),
    ...wanted.windowGone.map((name) =>
      windowsNamed(name, windows).length === 0 ? held(`window-gone=${name}`) : null,
    ),
  ];
}

/** A window as evidence. */
export function shown({ id, title, class: name, region }: ManagedWindow) {
  return { window: { id, title, class: name }, region };
}
