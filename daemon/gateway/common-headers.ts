/** What every reply of the gateway says. */
export const commonHeaders = { "x-content-type-options": "nosniff", "cache-control": "no-store" };
