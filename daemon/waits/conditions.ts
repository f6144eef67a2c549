import type { WaitCondition } from "../../src/contract/wait.ts";

/** Whether a wait needs the text of the windows. */
export function watchesTexts({ text, gone }: WaitCondition): boolean {
  return text.length + gone.length > 0;
}

/** Whether a wait needs to know who is in front. */
export function watchesFront({ prompt, input, title }: WaitCondition): boolean {
  return prompt || input || title.length > 0;
}

/** Whether pixels count: then `window` says which of them do, and is no condition. */
export function watchesPixels({ change, stableMs }: WaitCondition): boolean {
  return change || stableMs !== undefined;
}

/** The windows that are waited for. */
export function awaitedWindows(wanted: WaitCondition): readonly string[] {
  return watchesPixels(wanted) ? [] : wanted.window;
}

/** Whether a wait needs the list of windows, of ports. */
export function watchesWindows(wanted: WaitCondition): boolean {
  return awaitedWindows(wanted).length + wanted.windowGone.length > 0;
}

/** Whether a wait asks whether things are there. */
export function watchesThings({ ref, refGone }: WaitCondition): boolean {
  return ref.length + refGone.length > 0;
}

/** Whether there is something to look at with each event. */
export function looks(wanted: WaitCondition): boolean {
  const { port } = wanted;
  const windows = watchesWindows(wanted) || watchesThings(wanted);
  return watchesFront(wanted) || watchesTexts(wanted) || windows || port.length > 0;
}

/** The conditions of a wait as people write them, for example `text=done`. */
export function conditionNames(wanted: WaitCondition): string[] {
  return [
    ...(wanted.ready ? ["ready"] : []),
    ...(wanted.prompt ? ["prompt"] : []),
    ...(wanted.input ? ["input"] : []),
    ...(wanted.change ? ["change"] : []),
    ...(wanted.stableMs === undefined ? [] : [`stable=${wanted.stableMs}ms`]),
    ...wanted.text.map((source) => `text=${source}`),
    ...wanted.gone.map((source) => `gone=${source}`),
    ...wanted.title.map((source) => `title=${source}`),
    ...awaitedWindows(wanted).map((name) => `window=${name}`),
    ...wanted.windowGone.map((name) => `window-gone=${name}`),
    ...wanted.port.map((port) => `port=${port}`),
    ...wanted.ref.map((ref) => `ref=${ref}`),
    ...wanted.refGone.map((ref) => `ref-gone=${ref}`),
  ];
}
