import { createEncoder } from "../display/encode.ts";
import { PictureFrames } from "../display/picture-frames.ts";
import type { Displays } from "../display/types.ts";
import type { Exec } from "../exec/exec.ts";
import { loadSharp } from "../native/sharp.ts";
import { diffHandlers } from "../operations/diff.ts";
import { screenHandlers } from "../operations/screen.ts";
import type { Matches } from "../patterns/patterns.ts";
import type { RunnerClient } from "../runner/client.ts";
import { AccessibleWindows } from "./accessibility.ts";
import { Blocks } from "./blocks.ts";
import { Diffs } from "./diff/diffs.ts";
import { SeenFrames } from "./diff/seen-frames.ts";
import { assembleOcr } from "./ocr/assemble.ts";
import { RefLister } from "./ref-lists.ts";
import type { RefSource, Refs } from "./refs.ts";
import { Screens } from "./screens.ts";
import type { TextSource } from "./source.ts";

export interface PerceptionParts {
  displays: Displays;
  runner: RunnerClient;
  exec: Exec;
  matches: Matches;
  refs: Refs;
  /** The browser's pages, as one reads them and refers to what is on them. */
  pages: { textSource: TextSource; refSource: RefSource };
  /** The command line that runs this program. */
  program: readonly string[];
}

/** What is on the screens: pictures, texts, differences, and what one can refer to. */
export function assemblePerception(parts: PerceptionParts) {
  const { displays, runner, exec, matches, refs, pages, program } = parts;
  const pictures = new PictureFrames();
  const encoder = createEncoder({ sharp: loadSharp });
  const seen = new SeenFrames(encoder);
  const ocr = assembleOcr({ displays, exec, program });
  const accessible = new AccessibleWindows(runner);
  const refSources = [pages.refSource, accessible];
  const blocks = new Blocks({
    ...{ runner, matches, sources: [pages.textSource, accessible], ocr },
    refs: new RefLister(refs, refSources),
  });
  const screens = new Screens({ displays, encoder, pictures, seen, blocks });
  return {
    pictures,
    encoder,
    blocks,
    screens,
    refSources,
    handlers: {
      ...screenHandlers(screens),
      ...diffHandlers(new Diffs(displays, seen, loadSharp)),
    },
    /** The session is gone. */
    drop(session: string): void {
      pictures.drop(session);
      seen.drop(session);
      ocr.drop(session);
      refs.drop(session);
    },
  };
}
