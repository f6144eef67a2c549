/** Builds the base image for the tests, from what scripts/build.ts has made. */
import { assets } from "../daemon/assets.ts";
import { connectDocker } from "../daemon/drivers/docker/connect.ts";
import { createImageStore } from "../daemon/drivers/docker/images/store.ts";

const context = assets.workstationContext();
if (!context) throw new Error("there is no image context: run `bun run build`");
const images = createImageStore({ docker: connectDocker(), context });
for await (const event of images.build({ target: "base", noCache: false })) {
  if (event.type === "step") console.log(`${event.step}/${event.steps} ${event.text}`);
  if (event.type === "done") console.log(`${event.image.reference} ${event.image.id}`);
}
