import type { Actions } from "../actions/actions.ts";
import type { PictureFrames } from "../display/picture-frames.ts";
import type { Displays } from "../display/types.ts";
import type { Exec } from "../exec/exec.ts";
import { createInput } from "../input/input.ts";
import { clipboardHandlers } from "../operations/clipboard.ts";
import { inputHandlers } from "../operations/input.ts";
import { pointerHandlers } from "../operations/pointer.ts";
import { openHandlers, windowHandlers } from "../operations/windows.ts";
import type { Blocks } from "../perception/blocks.ts";
import type { RunnerClient } from "../runner/client.ts";
import type { Turns } from "../turns.ts";
import { Clipboard } from "./clipboard.ts";
import { Pointing } from "./pointing.ts";
import { TextPlaces } from "./text-places.ts";
import type { Things } from "./things.ts";
import type { DesktopWindows } from "./windows.ts";

export interface DesktopParts {
  displays: Displays;
  runner: RunnerClient;
  windows: DesktopWindows;
  exec: Exec;
  pictures: PictureFrames;
  blocks: Blocks;
  actions: Actions;
  things: Things;
  turns: Turns;
}

/** What a person does at a desktop: keys, pointer, windows, clipboard. */
export function assembleDesktop(parts: DesktopParts) {
  const { displays, runner, windows, exec, pictures, blocks, actions, things, turns } = parts;
  const texts = new TextPlaces(blocks, windows);
  const pointing = new Pointing({ displays, windows, texts, blocks, things, pictures, turns });
  const input = createInput({ displays, runner }, turns);
  return {
    input,
    pointing,
    handlers: {
      ...inputHandlers({ actions, input, things }),
      ...pointerHandlers(pointing, actions),
      ...windowHandlers(windows, actions),
      ...openHandlers(windows, actions),
      ...clipboardHandlers(new Clipboard(exec)),
    },
  };
}
