import { requestOf } from "../../src/client/route.ts";
import { routeOf } from "../../src/client/routes.ts";
import { NexoraError } from "../../src/contract/errors.ts";
import type { BuildEvent } from "../../src/contract/image.ts";
import { readLines } from "../../src/lines.ts";
import { type BuildProgress, buildProgress } from "../build-progress.ts";
import { type Command, clientOf } from "../context.ts";
import { table } from "../output/table.ts";
import { formatBytes, formatDuration, printable } from "../output/units.ts";

type Layer = Extract<BuildEvent, { type: "layer" }>;

/** Builds the image, with its progress, and ends with the size of each layer and of all. */
export const command: Command = async (context) => {
  const { output, invocation, signal } = context;
  const { target, body } = requestOf(routeOf("image.build"), invocation.input);
  const reply = await clientOf(context).fetch(target, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: body ?? "{}",
    signal,
  });
  const progress = await buildProgress(context);
  const layers: Layer[] = [];
  try {
    for await (const line of readLines(reply.body as AsyncIterable<Uint8Array>)) {
      if (line === "") continue;
      const event = readEvent(line);
      if (event.type === "layer") layers.push(event);
      if (event.type === "error") throw NexoraError.fromJSON(event.error);
      await report(progress, event);
      if (event.type === "done") progress.done(`built in ${formatDuration(event.durationMs)}`);
      await output.item(event, (it) => (it.type === "done" ? summary(layers, it.image) : ""));
      if (event.type === "done") return;
    }
  } catch (error) {
    progress.failed("the build failed");
    throw error;
  }
  progress.failed("the build was cut off");
  throw new NexoraError("engine_failed", "the daemon's reply ended before the build did", {
    hint: "see `nexora daemon logs`",
  });
};

async function report(progress: BuildProgress, event: BuildEvent): Promise<void> {
  if (event.type === "step") {
    await progress.step(`step ${event.step}/${event.steps}: ${printable(event.text)}`);
  } else if (event.type === "log") {
    await progress.log(printable(event.text));
  }
}

function readEvent(line: string): BuildEvent {
  try {
    return JSON.parse(line) as BuildEvent;
  } catch (cause) {
    throw new NexoraError("unexpected", "a line of the build's progress is not JSON", { cause });
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
