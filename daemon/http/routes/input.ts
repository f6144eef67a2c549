import { pressKeys, typeText } from "../../../src/contract/input.ts";
import type { WaitCondition } from "../../../src/contract/wait.ts";
import type { Screens } from "../../display/screen.ts";
import type { Waits } from "../../display/wait.ts";
import type { Input } from "../../input/input.ts";
import type { Activity } from "../../sessions/activity.ts";
import type { Directory } from "../../sessions/directory.ts";
import type { SessionRow } from "../../store/sessions.ts";
import type { Router } from "../route.ts";

export interface InputRouteParts {
  directory: Directory;
  input: Input;
  waits: Waits;
  screens: Screens;
  activity: Activity;
}

export function inputRoutes(router: Router, parts: InputRouteParts): void {
  const { directory, input: keyboard, waits, screens, activity } = parts;

  /** Runs an action, then waits and looks as asked; changes count from before the action on. */
  const andThen = async <T extends object>(
    { id, width, height }: SessionRow,
    then: { wait?: WaitCondition | undefined; thenScreen: boolean },
    signal: AbortSignal,
    action: () => Promise<T>,
  ) => {
    using _used = activity.hold(id);
    using armed = then.wait ? await waits.arm(id, then.wait, signal) : null;
    const started = performance.now();
    const done = await action();
    const durationMs = performance.now() - started;
    const waited = armed ? await armed.until(signal) : null;
    const screen = then.thenScreen ? await screens.read(id, { width, height }, signal) : null;
    return { ...done, durationMs, waited, screen };
  };

  router
    .on(typeText, async ({ input, signal }) => {
      const { row } = await directory.running(input.session);
      const { text, enter } = input;
      const type = () => keyboard.type(row.id, text, { enter }, signal);
      return andThen(row, input, signal, type);
    })
    .on(pressKeys, async ({ input, signal }) => {
      const { row } = await directory.running(input.session);
      const { keys, repeat, holdMs } = input;
      const press = () => keyboard.press(row.id, keys, { repeat, holdMs }, signal);
      return andThen(row, input, signal, press);
    });
}
