import { z } from "zod";
import { compilePattern } from "../pattern.ts";
import { messageOf } from "../thrown.ts";

/** A regular expression (src/pattern.ts). */
export const patternSchema = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((source, context) => {
    try {
      compilePattern(source);
    } catch (error) {
      context.addIssue({ code: "custom", message: messageOf(error) });
    }
  });

/** Several of them (src/contract/wait.ts): each is matched with every change of the screen. */
export const patternsSchema = z.array(patternSchema).max(16).default([]);
