import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { failureOf } from "../../daemon/drivers/docker/images/failure.ts";
import { messages } from "../../daemon/drivers/docker/images/ndjson.ts";

/** The image of tests that need real programs on the desktop; another one where two runs share an engine. */
export const appsImage = process.env.NEXORA_TEST_APPS_IMAGE ?? "nexora-workstation:apps";

/** Of GTK 4, GTK 3, Qt 6, and one whose window is nothing but a picture. */
const programs = ["zenity", "mousepad", "featherpad", "feh"];

const dockerfile = (from: string) => `FROM ${from}
RUN apt-get update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${programs.join(" ")} \\
 && rm -rf /var/lib/apt/lists/*
`;

/** Makes `reference` from the full image `from`. Throws with the last lines of a failed build. */
export async function buildAppsImage(
  docker: Docker,
  from: string,
  reference: string,
): Promise<void> {
  const context = pack();
  context.entry({ name: "Dockerfile" }, dockerfile(from));
  context.finalize();
  const log: string[] = [];
  const options = { t: reference, rm: true, forcerm: true };
  const build = await docker.buildImage(Readable.from(context), options);
  for await (const message of messages(build)) {
    if (typeof message.stream === "string") log.push(message.stream);
    const failure = failureOf(message);
    if (failure === undefined) continue;
    throw new Error(`${reference}: ${failure}\n${log.slice(-20).join("")}`);
  }
}
