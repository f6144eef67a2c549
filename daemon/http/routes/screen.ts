import { screen } from "../../../src/contract/screen.ts";
import { wait } from "../../../src/contract/wait.ts";
import { imageOf, type Look, type Screens } from "../../display/screen.ts";
import type { Waits } from "../../display/wait.ts";
import type { Activity } from "../../sessions/activity.ts";
import type { Directory } from "../../sessions/directory.ts";
import type { Router } from "../route.ts";

export interface ScreenRouteParts {
  directory: Directory;
  screens: Screens;
  waits: Waits;
  activity: Activity;
}

export function screenRoutes(
  router: Router,
  { directory, screens, waits, activity }: ScreenRouteParts,
): void {
  router
    .on(screen, async ({ input, request, signal }) => {
      const { row } = await directory.running(input.session);
      const look = await screens.look(
        row.id,
        { width: row.width, height: row.height },
        input,
        signal,
      );
      const wantsBytes = request.headers.get("accept")?.startsWith("image/") ?? false;
      if (wantsBytes) return pictureReply(look);
      return { ...look.facts, image: look.frame && imageOf(look.frame) };
    })
    .on(wait, async ({ input, signal }) => {
      const { row } = await directory.running(input.session);
      using _used = activity.hold(row.id);
      return await waits.until(row.id, input, signal);
    });
}

/** The picture as the body; the rest of the reply in a header, as JSON escaped to ASCII. */
function pictureReply({ facts, frame }: Look): Response {
  const { base64: _, ...image } = frame ? imageOf(frame) : { base64: "" };
  const meta = JSON.stringify({ ...facts, image: frame && image }).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const headers = { "x-nexora-rev": facts.rev ?? "", "x-nexora-meta": meta };
  if (!frame) return new Response(null, { status: 204, headers });
  return new Response(frame.bytes, {
    headers: { ...headers, "content-type": `image/${frame.format}` },
  });
}
