import type { Protocol } from "devtools-protocol";
import type { Aimed, Point } from "./aim.ts";
import type { Elements } from "./elements.ts";
import { Mouse, stepsBetween } from "./mouse.ts";
import { ifRefused } from "./script-calls.ts";

/** How long the browser may take to say what is dragged, once the page has begun that, in milliseconds. */
const beginMs = 2_000;

/**
 * Drags an element, which the pointer is over, to a point: as a drag of the page's data (HTML §6.11) when
 * the page begins one, else by motion alone. The button is up again when it ends, however.
 */
export async function drag(
  elements: Elements,
  from: Aimed,
  to: () => Promise<Point>,
  modifiers: number,
  signal: AbortSignal,
): Promise<void> {
  const { element, point } = from;
  const { page } = element;
  const mouse = new Mouse(page, modifiers, signal);
  const begun = Promise.withResolvers<Protocol.Input.DragData>();
  const off = page.on("Input.dragIntercepted", ({ data }) => begun.resolve(data));
  let at = point;
  let down = false;
  await page.send("Input.setInterceptDrags", { enabled: true }, { signal });
  try {
    await elements.call(element, "watchDrag", [], signal);
    await mouse.press(point, "left");
    down = true;
    // Few pixels are no drag yet.
    at = { x: point.x + 8, y: point.y + 8 };
    await mouse.move(at, "left");
    const end = await to();
    const [first = end, ...others] = stepsBetween(at, end);
    await mouse.move(first, "left");
    const began = await elements.call(element, "dragBegan", [], signal).catch(ifRefused(false));
    if (!began) {
      for (const step of others) {
        await mouse.move(step, "left");
        at = step;
      }
      at = end;
      return;
    }
    const late = new Promise<null>((resolve) => setTimeout(resolve, beginMs, null));
    const data = await Promise.race([begun.promise, late]);
    if (!data) return;
    const send = (type: "dragEnter" | "dragOver" | "drop", { x, y }: Point) =>
      page.send("Input.dispatchDragEvent", { type, x, y, data, modifiers }, { signal });
    await send("dragEnter", first);
    for (const step of others) await send("dragOver", step);
    await send("dragOver", end);
    // A drop takes the place of letting go.
    down = false;
    await send("drop", end);
  } finally {
    off();
    // Also when the caller has gone: what is pressed is let go of.
    const last = new Mouse(page, modifiers, page.signal);
    if (down) await last.release(at, "left").catch(ifRefused(null));
    await page
      .send("Input.setInterceptDrags", { enabled: false }, { signal: page.signal })
      .catch(ifRefused(null));
  }
}
