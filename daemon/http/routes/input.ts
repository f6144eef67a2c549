import { pressKeys, typeText } from "../../../src/contract/input.ts";
import type { WaitCondition } from "../../../src/contract/wait.ts";
import type { Screens } from "../../display/screen.ts";
import type { Waits } from "../../display/wait.ts";
import type { Input } from "../../input/input.ts";
import type { Directory } from "../../sessions/directory.ts";
import type { Router } from "../route.ts";

export interface InputRouteParts {
  directory: Directory;
  input: Input;
  waits: Waits;
  screens: Screens;
}

export function inputRoutes(router: Router, parts: InputRouteParts): void {
  const { directory, input: keyboard, waits, screens } = parts;

  const afterwards = async (
    session: string,
    then: { wait?: WaitCondition | undefined; thenScreen: boolean },
    signal: AbortSignal,
  ) => ({
    waited: then.wait ? await waits.until(session, then.wait, signal) : null,
    screen: then.thenScreen ? await screens.read(session, signal) : null,
  });

  router
    .on(typeText, async ({ input, signal }) => {
      const started = performance.now();
      const { row } = await directory.running(input.session);
      const typed = await keyboard.type(row.id, input.text, { enter: input.enter }, signal);
      const durationMs = performance.now() - started;
      return { ...typed, durationMs, ...(await afterwards(row.id, input, signal)) };
    })
    .on(pressKeys, async ({ input, signal }) => {
      const started = performance.now();
      const { row } = await directory.running(input.session);
      const { repeat, holdMs } = input;
      const pressed = await keyboard.press(row.id, input.keys, { repeat, holdMs }, signal);
      const durationMs = performance.now() - started;
      return { ...pressed, durationMs, ...(await afterwards(row.id, input, signal)) };
    });
}
