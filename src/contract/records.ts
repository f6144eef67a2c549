import { z } from "zod";

/** How records that are kept, and go on coming, are asked for. */
export const recordQuery = {
  follow: z
    .boolean()
    .default(false)
    .describe("Keep running and print new ones")
    .meta({ cli: { short: "f" } }),
  since: z.number().int().min(0).optional().describe("Only those after this id"),
  limit: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe("Show at most this many past ones"),
};
