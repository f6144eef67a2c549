import { z } from "zod";
import { pageErrors, tabField } from "./chrome-changes.ts";
import { operation, plainText, sessionRef } from "./operation.ts";
import { restartedField } from "./tab.ts";

const pretended = z.strictObject({
  size: z
    .strictObject({
      width: z.number().int().min(50).max(10_000),
      height: z.number().int().min(50).max(10_000),
    })
    .optional()
    .describe("Of the page's view, in CSS pixels")
    .meta({ cli: { kind: "size", value: "WIDTHxHEIGHT" } }),
  pixelRatio: z.number().min(0.5).max(5).optional().describe("Device pixels for each CSS pixel"),
  mobile: z.boolean().optional().describe("A phone: touch, and its way with the view"),
  colours: z
    .enum(["dark", "light"])
    .optional()
    .describe("The colour scheme that pages are to have"),
  reducedMotion: z.boolean().optional().describe("Pages are to move less"),
  locale: plainText.min(2).max(64).optional().describe("Language and region, as de-DE"),
  timezone: plainText.min(1).max(64).optional().describe("As Europe/Berlin"),
  offline: z
    .boolean()
    .optional()
    .describe("Whether the tab is without a network")
    .meta({ cli: { help: "No network for this tab; --no-offline ends that" } }),
  grant: z
    .array(
      z.enum([
        "camera",
        "clipboard-read",
        "clipboard-write",
        "geolocation",
        "microphone",
        "midi",
        "notifications",
        "storage-access",
      ]),
    )
    .max(8)
    .optional()
    .describe("What the page's site may do without asking; may be repeated")
    .meta({ cli: { value: "PERMISSION" } }),
  geolocation: z
    .strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
    })
    .optional()
    .describe("Where the machine seems to be")
    .meta({ cli: { hidden: true } }),
});
export type Emulation = z.output<typeof pretended>;

const emulate = operation({
  id: "chrome.emulate",
  access: "act",
  turn: "begin",
  session: "running",
  method: "POST",
  path: "/v1/sessions/{session}/chrome/emulate",
  summary: "Let a tab be another screen, place or language",
  description: "It adds to what was asked before, and lasts until the tab or the browser ends.",
  input: z.strictObject({
    session: sessionRef,
    ...pretended.shape,
    reset: z.boolean().default(false).describe("First be again what it is"),
    tab: tabField,
  }),
  output: z.object({ tab: z.string(), emulated: pretended, ...restartedField }),
  errors: pageErrors,
  examples: ["nexora chrome emulate --size 390x844 --mobile", "nexora chrome emulate --reset"],
});

export const chromeEmulateOperations = [emulate] as const;
