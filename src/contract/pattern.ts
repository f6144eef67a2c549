import { z } from "zod";
import { compilePattern } from "../pattern.ts";

/** A regular expression (src/pattern.ts). */
export const patternSchema = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((source, context) => {
    try {
      compilePattern(source);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
  });
