/**
 * Builds the images for the tests, from what scripts/build.ts has made: a terminal; all that a
 * developer expects; and that with programs on top that tests look at.
 */
import { assets } from "../daemon/assets.ts";
import { connectDocker } from "../daemon/drivers/docker/connect.ts";
import { createImageStore } from "../daemon/drivers/docker/images/store.ts";
import { appsImage, buildAppsImage } from "../tests/support/apps-image.ts";

const context = assets.workstationContext();
if (!context) throw new Error("there is no image context: run `bun run build`");
const docker = connectDocker();
const images = createImageStore({ docker, context });
for (const target of ["base", "full"] as const) {
  for await (const event of images.build({ target, noCache: false })) {
    if (event.type === "step") console.log(`${event.step}/${event.steps} ${event.text}`);
    if (event.type === "done") console.log(`${event.image.reference} ${event.image.id}`);
  }
}
await buildAppsImage(docker, "nexora-workstation:full", appsImage);
console.log(appsImage);
