import { fitted, type Size } from "../geometry.ts";
import { pictureLimits } from "./actions.ts";

/** The definition that a request declares the computer with. */
export function openaiTools(preview: boolean, desktop: Size) {
  const display = fitted(desktop, pictureLimits);
  const { width, height } = display;
  const sized = { display_width: width, display_height: height, environment: "linux" };
  return {
    tools: [preview ? { type: "computer_use_preview", ...sized } : { type: "computer" }],
    display,
  };
}
