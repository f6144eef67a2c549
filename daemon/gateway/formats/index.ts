import type { Format, Translation, WireFormat } from "./format.ts";
import { chatOverMessages, messagesOverChat, responsesOver } from "./translations.ts";
import { anthropicMessages } from "./wires/anthropic-messages.ts";
import { gemini } from "./wires/gemini.ts";
import { openaiChat } from "./wires/openai-chat.ts";
import { openaiEmbeddings } from "./wires/openai-embeddings.ts";
import { openaiResponses } from "./wires/openai-responses.ts";

export function formatOf(id: WireFormat): Format {
  switch (id) {
    case "openai-chat":
      return openaiChat;
    case "openai-responses":
      return openaiResponses;
    case "openai-embeddings":
      return openaiEmbeddings;
    case "anthropic-messages":
      return anthropicMessages;
    case "gemini":
      return gemini;
  }
}

/**
 * For one exchange between a client of one format and a provider of another; null when there is
 * none, also for the same format, where nothing has to be translated.
 */
export function translation(client: WireFormat, provider: WireFormat): Translation | null {
  switch (`${client} ${provider}` as const) {
    case "anthropic-messages openai-chat":
      return messagesOverChat();
    case "openai-chat anthropic-messages":
      return chatOverMessages();
    case "openai-responses openai-chat":
      return responsesOver("openai-chat");
    case "openai-responses anthropic-messages":
      return responsesOver("anthropic-messages");
    default:
      return null;
  }
}
