/** The words that each protocol has for an error. */
const anthropic: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  422: "invalid_request_error",
  429: "rate_limit_error",
  500: "api_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const openai: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  404: "not_found_error",
  413: "invalid_request_error",
  422: "invalid_request_error",
  429: "rate_limit_error",
  500: "server_error",
};

/** Anthropic's type of an error; `given` if it is one of them, else by the status of HTTP. */
export function anthropicType(status: number, given = ""): string {
  if (Object.values(anthropic).includes(given)) return given;
  return anthropic[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
}

/** OpenAI's type of an error; `given` if it is one of them, else by the status of HTTP. */
export function openaiType(status: number, given = ""): string {
  if (Object.values(openai).includes(given)) return given;
  return openai[status] ?? (status < 500 ? "invalid_request_error" : "server_error");
}
