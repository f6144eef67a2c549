import { z } from "zod";
import { pageErrors, tabField } from "./chrome-changes.ts";
import { operation, sessionRef } from "./operation.ts";
import { restartedField } from "./tab.ts";

const path = "/v1/sessions/{session}/chrome";

export const chromePictureOperations = [
  operation({
    id: "chrome.shot",
    access: "read",
    session: "running",
    method: "GET",
    path: `${path}/shot`,
    summary: "Take a picture of a page or of one element, also of what is not on the screen",
    input: z.strictObject({
      session: sessionRef,
      target: z
        .string()
        .min(1)
        .max(4000)
        .optional()
        .describe("Only this element: a ref, a selector, text=… or role=…")
        .meta({ cli: { positional: true, value: "TARGET" } }),
      full: z.boolean().default(false).describe("The whole page, to its lower end"),
      format: z.enum(["png", "jpeg", "webp"]).default("png").describe("Format of the picture"),
      quality: z.number().int().min(1).max(100).default(80).describe("Quality of jpeg and webp"),
      tab: tabField,
    }),
    output: z.object({
      image: z.object({
        format: z.enum(["png", "jpeg", "webp"]),
        width: z.number().int(),
        height: z.number().int(),
        bytes: z.number().int(),
        base64: z.string(),
        cut: z.boolean().describe("Whether the page is larger than a picture can be"),
      }),
      ...restartedField,
    }),
    picture: "image",
    errors: pageErrors,
    localFlags: [
      {
        name: "output",
        short: "o",
        value: "FILE|-",
        description: "Write it to FILE; - is standard output",
      },
    ],
    examples: ["nexora chrome shot -o page.png", "nexora chrome shot '#chart' -o chart.png"],
  }),
  operation({
    id: "chrome.pdf",
    access: "read",
    session: "running",
    method: "GET",
    path: `${path}/pdf`,
    summary: "Print a page to a PDF",
    input: z.strictObject({
      session: sessionRef,
      paper: z
        .enum(["a3", "a4", "a5", "letter", "legal", "tabloid"])
        .default("a4")
        .describe("Size of the paper"),
      landscape: z.boolean().default(false).describe("Landscape: wider than high"),
      background: z
        .boolean()
        .default(true)
        .describe("Print the colours and pictures behind the text, too"),
      scale: z.number().min(0.1).max(2).default(1).describe("Scale of the contents"),
      pages: z
        .string()
        .max(200)
        .regex(/^[\d\s,-]+$/, "must be numbers of pages, such as 1-3, 5")
        .optional()
        .describe("Only these pages, for example `1-3, 5`")
        .meta({ cli: { value: "PAGES" } }),
      tab: tabField,
    }),
    output: z.object({
      pdf: z.object({ bytes: z.number().int(), base64: z.string() }),
      ...restartedField,
    }),
    errors: pageErrors,
    localFlags: [
      {
        name: "output",
        short: "o",
        value: "FILE|-",
        description: "Write it to FILE; - is standard output",
      },
    ],
    examples: ["nexora chrome pdf -o page.pdf"],
  }),
] as const;
