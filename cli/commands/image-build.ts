import { itemsOf } from "../../src/client/streams.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { BuildEvent } from "../../src/contract/image.ts";
import { formatDuration } from "../../src/duration.ts";
import { type BuildProgress, buildProgress } from "../build-progress.ts";
import { type Command, clientOf } from "../context.ts";
import { table } from "../output/table.ts";
import { formatBytes, printable } from "../output/units.ts";

type Layer = Extract<BuildEvent, { type: "layer" }>;

/** Builds the image, with its progress, and ends with the size of each layer and of all. */
export const command: Command = async (context) => {
  const { output, invocation, signal } = context;
  const events = itemsOf(clientOf(context), "image.build", invocation.input, signal);
  const progress = await buildProgress(context);
  const layers: Layer[] = [];
  try {
    for await (const event of events) {
      if (event.type === "layer") layers.push(event);
      await report(progress, event);
      if (event.type === "done") progress.done(`built in ${formatDuration(event.durationMs)}`);
      await output.item(event, (it) => (it.type === "done" ? summary(layers, it.image) : ""));
      if (event.type === "done") return;
    }
  } catch (error) {
    progress.failed("the build failed");
    throw error;
  }
  progress.failed("the build was interrupted");
  throw new NexoraError(
    "engine_failed",
    "the connection to the daemon closed before the build finished",
    {
      hint: "see `nexora daemon logs`",
    },
  );
};

async function report(progress: BuildProgress, event: BuildEvent): Promise<void> {
  if (event.type === "step") {
    await progress.step(`step ${event.step}/${event.steps}: ${printable(event.text)}`);
  } else if (event.type === "log") {
    await progress.log(printable(event.text));
  }
}

function summary(layers: Layer[], image: { id: string; reference: string; sizeBytes: number }) {
  const rows = layers.map(({ sizeBytes, text }) => [
    formatBytes(sizeBytes),
    printable(text).replace(/\s+/g, " ").slice(0, 90),
  ]);
  const total = `${image.reference}  ${image.id}  ${formatBytes(image.sizeBytes)}`;
  return rows.length === 0 ? total : `${table(["SIZE", "LAYER"], rows)}\n${total}`;
}
