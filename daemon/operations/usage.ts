import type { UsageReport, usageOperations } from "../../src/contract/usage.ts";
import type { UsageQuery } from "../gateway/usage/table.ts";
import type { HandlersOf } from "./handler.ts";

export interface UsageParts {
  report(query: UsageQuery): Promise<UsageReport>;
}

export function usageHandlers(usage: UsageParts): HandlersOf<typeof usageOperations> {
  return {
    "gateway.usage": {
      reply: ({ by, sinceMs }, { principal: { sessions } }) =>
        usage.report({ by, since: new Date(Date.now() - sinceMs), sessions }),
    },
  };
}
