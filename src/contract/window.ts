import { z } from "zod";
import { afterwards, afterwardsOutput, outputFlag } from "./input.ts";
import { operation, plainText, sessionRef } from "./operation.ts";
import { desktopRegion } from "./screen.ts";

export const windowId = z.string().describe("X window id, 0x…");

export const managedWindow = z.object({
  id: windowId,
  title: z.string(),
  class: z.string(),
  pid: z.number().int().nullable().describe("As its program says it; null when it does not"),
  region: desktopRegion.describe("Its inside on the desktop"),
  frame: desktopRegion.describe("With title bar and borders"),
  focused: z.boolean().describe("Whether keys go to it"),
  state: z.enum(["normal", "maximized", "minimized", "fullscreen"]),
  desktop: z.number().int().nullable().describe("Number of its desktop, from 0; null: on all"),
  dialogOf: z.string().nullable().describe("The window whose dialog it is"),
  terminal: z.string().nullable().describe("The terminal that it shows, whose text is exact"),
});
export type ManagedWindow = z.output<typeof managedWindow>;

const pointerPlace = z.object({
  x: z.number().int(),
  y: z.number().int(),
  window: z
    .string()
    .nullable()
    .describe("Id of the window under it; null over the desktop, a panel or a menu"),
});

const windows = operation({
  id: "windows",
  access: "read",
  session: "running",
  method: "GET",
  path: "/v1/sessions/{session}/windows",
  summary: "List the windows, the topmost first",
  input: z.strictObject({ session: sessionRef }),
  output: z.object({
    windows: z.array(managedWindow).describe("The topmost first"),
    pointer: pointerPlace,
  }),
  errors: ["display_failed"],
  examples: ["nexora windows"],
});

/** Which window: one that is there, by what `windows` says of it. */
export const windowRef = plainText
  .min(1)
  .max(1000)
  .describe("Id of a window, or text of its title or class that only one has");

const target = {
  session: sessionRef,
  window: windowRef.meta({ cli: { positional: true, value: "WINDOW" } }),
  ...afterwards,
};

const acted = z.object({
  done: z.boolean().describe("Whether it is as asked; a program may refuse, or ask back"),
  window: managedWindow.nullable().describe("As it is now; null: it is gone"),
  ...afterwardsOutput.shape,
});

/** What all actions on a window have in common. */
const action = {
  access: "act",
  session: "running",
  method: "POST",
  output: acted,
  errors: ["not_found", "conflict", "stale_ref", "display_failed", "action_failed"],
  localFlags: [outputFlag],
} as const;

const path = "/v1/sessions/{session}/windows/{window}";
const coordinate = z.number().int().min(-32_767).max(32_767);
const length = z.number().int().min(1).max(32_767);

export const windowOperations = [
  windows,
  operation({
    ...action,
    id: "window.focus",
    path: `${path}/focus`,
    summary: "Give a window the focus: keys go to it",
    input: z.strictObject(target),
    examples: ["nexora window focus Chromium"],
  }),
  operation({
    ...action,
    id: "window.raise",
    path: `${path}/raise`,
    summary: "Put a window before all others",
    input: z.strictObject(target),
    examples: ["nexora window raise 0x600007"],
  }),
  operation({
    ...action,
    id: "window.lower",
    path: `${path}/lower`,
    summary: "Put a window behind all others",
    input: z.strictObject(target),
    examples: ["nexora window lower 0x600007"],
  }),
  operation({
    ...action,
    id: "window.move",
    path: `${path}/move`,
    summary: "Move a window; a maximized one is restored first",
    input: z.strictObject({
      ...target,
      x: coordinate
        .describe("Left edge, its border included, in pixels")
        .meta({ cli: { positional: true, value: "X" } }),
      y: coordinate
        .describe("Upper edge, its title bar included, in pixels")
        .meta({ cli: { positional: true, value: "Y" } }),
    }),
    examples: ["nexora window move Chromium 0 0"],
  }),
  operation({
    ...action,
    id: "window.resize",
    path: `${path}/resize`,
    summary: "Resize a window; a maximized one is restored first",
    description: "A terminal takes the nearest size with whole rows and columns.",
    input: z.strictObject({
      ...target,
      width: length
        .describe("Width of its inside, in pixels")
        .meta({ cli: { positional: true, value: "WIDTH" } }),
      height: length
        .describe("Height of its inside, in pixels")
        .meta({ cli: { positional: true, value: "HEIGHT" } }),
    }),
    examples: ["nexora window resize Chromium 1280 800"],
  }),
  operation({
    ...action,
    id: "window.maximize",
    path: `${path}/maximize`,
    summary: "Let a window fill the desktop",
    input: z.strictObject(target),
    examples: ["nexora window maximize Chromium"],
  }),
  operation({
    ...action,
    id: "window.minimize",
    path: `${path}/minimize`,
    summary: "Leave only a window's button in the task bar",
    input: z.strictObject(target),
    examples: ["nexora window minimize Chromium"],
  }),
  operation({
    ...action,
    id: "window.restore",
    path: `${path}/restore`,
    summary: "Undo minimize and maximize",
    input: z.strictObject(target),
    examples: ["nexora window restore Chromium"],
  }),
  operation({
    ...action,
    id: "window.close",
    path: `${path}/close`,
    summary: "Close a window, as its close button does",
    description:
      "Its program may ask back, in a dialog: then `done` is false and the window is still there.",
    input: z.strictObject(target),
    examples: ["nexora window close Chromium"],
  }),
] as const;
