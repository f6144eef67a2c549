import type { AnthropicVersion } from "../../../src/contract/vendors.ts";
import { fitted, type Size } from "../geometry.ts";
import { earlierLimits, pictureLimits } from "./limits.ts";

/** The definitions that a request declares the tools with. */
export function anthropicTools(version: AnthropicVersion, desktop: Size) {
  const isToolset = version === "20260801";
  const display = fitted(desktop, isToolset ? pictureLimits : earlierLimits);
  const sized = { display_width_px: display.width, display_height_px: display.height };
  const computer = { type: `computer_${version}`, name: "computer", ...sized };
  const bash = (date: string) => ({ type: `bash_${date}`, name: "bash" });
  const editor = (date: string, name: string) => ({ type: `text_editor_${date}`, name });
  const current = [bash("20250124"), editor("20250728", "str_replace_based_edit_tool")];
  const tools = {
    "20260801": [{ type: "computer_toolset_20260801" }, ...current],
    "20251124": [{ ...computer, enable_zoom: true }, ...current],
    "20250124": [computer, ...current],
    "20241022": [computer, bash("20241022"), editor("20241022", "str_replace_editor")],
  }[version];
  return { tools, betas: isToolset ? [] : [betaOf(version)], display };
}

/** `20251124` → `computer-use-2025-11-24`. */
function betaOf(version: string): string {
  return `computer-use-${version.slice(0, 4)}-${version.slice(4, 6)}-${version.slice(6)}`;
}
