import { z } from "zod";
import { plainText } from "./operation.ts";

/** Which tab a verb is about. */
export const tabRef = z
  .string()
  .regex(/^t[1-9]\d{0,8}$/, "must be a tab's id, such as t2")
  .describe("Id of a tab, as `chrome tabs` says it");

export const tabSchema = z.object({
  id: z.string().describe("t1, t2 …: a tab keeps its own as long as it is there"),
  url: z.string(),
  title: z.string(),
  active: z.boolean().describe("Whether it is the one that was used last"),
});
export type Tab = z.output<typeof tabSchema>;

/** What the reply of every verb of the browser says once to each caller when that has died. */
export const restartedField = {
  restarted: z
    .object({
      at: z.iso.datetime(),
      tabs: z.number().int().describe("How many tabs came back"),
    })
    .nullable()
    .describe("The browser had died and was restarted with its tabs; each caller is told once"),
};
export type Restarted = z.output<z.ZodObject<typeof restartedField>>["restarted"];

export const pageAddress = plainText
  .min(1)
  .max(64 * 1024)
  .regex(/^[^-]/, "must not begin with a dash")
  .describe("Address of a page");
