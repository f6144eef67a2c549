import { inKeymap, type Stroke } from "./strokes.ts";

export interface BatchLimits {
  /** Most strokes of a batch. */
  strokes: number;
  /** Most distinct keysyms of a batch that the keymap lacks. */
  added: number;
}

/** Batches of text that the keymap has. The limit bounds what cannot be interrupted. */
export const burst: BatchLimits = { strokes: 2000, added: Number.POSITIVE_INFINITY };

/**
 * Batches of text that the keymap lacks. Xvnc has 19 spare keycodes and takes back the longest
 * unused: three batches of six never share one. So with the next batch announced while this one
 * is typed, an application may still be a whole batch behind and reads each key as it was meant.
 */
export const paced: BatchLimits = { strokes: 64, added: 6 };

/** Cuts strokes, in order, into the longest batches within the limits. */
export function* batches(strokes: readonly Stroke[], limits: BatchLimits): Generator<Stroke[]> {
  let batch: Stroke[] = [];
  let added = new Set<number>();
  for (const stroke of strokes) {
    const isNew = !inKeymap(stroke.keysym) && !added.has(stroke.keysym);
    if (batch.length >= limits.strokes || (isNew && added.size >= limits.added)) {
      yield batch;
      batch = [];
      added = new Set();
    }
    if (!inKeymap(stroke.keysym)) added.add(stroke.keysym);
    batch.push(stroke);
  }
  if (batch.length > 0) yield batch;
}
