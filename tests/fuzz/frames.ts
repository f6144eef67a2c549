import { NexoraError } from "../../src/contract/errors.ts";
import {
  encodeFrame,
  type FrameType,
  FramingError,
  inputItem,
  outputItem,
  readFrames,
} from "../../src/frames.ts";
import { jsonOf } from "./json.ts";
import { chunks, demand, type Random, spoilt } from "./target.ts";

/** Frames of exec and attach, from a client and from a runner: an item, or an error of ours. */
export async function fuzzFrames(random: Random): Promise<void> {
  const stream = Buffer.concat(
    Array.from({ length: random(12) }, () => {
      const text = random(3) === 0 ? "x".repeat(random(3000)) : jsonOf(random, fields);
      return encodeFrame(random(10) as FrameType, Buffer.from(text));
    }),
  );
  try {
    for await (const frame of readFrames(chunks(random, spoilt(random, stream)))) {
      const item = random(2) === 0 ? inputItem(frame) : outputItem(frame);
      if (item?.type === "result") {
        const { exitCode, signal, durationMs } = item;
        demand(exitCode === null || Number.isSafeInteger(exitCode), () => `exit ${exitCode}`);
        demand(Number.isFinite(durationMs), () => `lasted ${durationMs}`);
        demand(!/[^A-Z0-9+-]/.test(signal ?? ""), () => `signal ${signal}`);
      }
      if (item?.type === "started") demand(Number.isSafeInteger(item.pid), () => `pid ${item.pid}`);
    }
  } catch (error) {
    if (!(error instanceof FramingError || error instanceof NexoraError)) throw error;
    demand(!/(?![\n\t])\p{Cc}/u.test(error.message), () => JSON.stringify(error.message));
  }
}

const fields = [
  ...["pid", "exitCode", "signal", "timedOut", "durationMs", "columns", "rows"],
  ...["code", "message", "hint", "details", "__proto__"],
];
