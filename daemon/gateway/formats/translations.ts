import { messagesRequest } from "./chat-to-messages/request.ts";
import { anthropicType, openaiType } from "./error-types.ts";
import type { StreamTranslation, Translation, WireError } from "./format.ts";
import { type Json, type JsonObject, objectOf, textOf } from "./json.ts";
import { chatRequest as chatFromMessages } from "./messages-to-chat/request.ts";
import { providerError } from "./provider-error.ts";
import { ChatReader } from "./replies/chat-reader.ts";
import { ChatStream, writeCompletion } from "./replies/chat-writer.ts";
import { MessagesReader } from "./replies/messages-reader.ts";
import { MessagesStream, writeMessage } from "./replies/messages-writer.ts";
import { collect, PartFeed, type ReplySink, type WholeReply } from "./replies/parts.ts";
import { ResponseItems } from "./replies/responses-items.ts";
import { ResponsesStream, writeResponse } from "./replies/responses-writer.ts";
import { chatRequest as chatFromResponses } from "./responses-to-chat/request.ts";
import { ToolNames } from "./responses-to-chat/tools.ts";
import type { SseEvent } from "./sse.ts";

/** A client of the Messages API at a provider of Chat Completions. */
export function messagesOverChat(): Translation {
  // As it was asked for: Claude Code throws its thinking away when another model has answered.
  let asked = "";
  return {
    request(body, model) {
      asked = textOf(body.model) || model;
      return chatFromMessages(body, model);
    },
    reply: (body) => writeMessage(chatReply(body), asked),
    stream: () => streamed((send) => new MessagesStream(asked, send), chatReader),
    error: (status, body) => errorOf(status, body, anthropicType),
  };
}

/** A client of Chat Completions at a provider of the Messages API. */
export function chatOverMessages(): Translation {
  let usage = false;
  return {
    request(body, model) {
      usage = objectOf(body.stream_options).include_usage === true;
      return messagesRequest(body, model);
    },
    reply: (body) => writeCompletion(messagesReply(body)),
    stream: () => streamed((send) => new ChatStream(usage, send), messagesReader),
    error: (status, body) => errorOf(status, body, openaiType),
  };
}

/** A client of the Responses API at a provider of one of the others. */
export function responsesOver(provider: "openai-chat" | "anthropic-messages"): Translation {
  const isChat = provider === "openai-chat";
  let items = new ResponseItems({}, new ToolNames(undefined));
  return {
    request(body, model) {
      const tools = new ToolNames(body.tools);
      items = new ResponseItems(body, tools);
      const chat = chatFromResponses(body, model, tools, !isChat);
      return isChat ? chat : messagesRequest(chat, model);
    },
    reply: (body) => writeResponse(isChat ? chatReply(body) : messagesReply(body), items),
    stream: () =>
      streamed((send) => new ResponsesStream(items, send), isChat ? chatReader : messagesReader),
    error: (status, body) => errorOf(status, body, openaiType),
  };
}

interface Reader {
  event(event: SseEvent): void;
  end(): void;
}

const chatReader = (feed: PartFeed): Reader => new ChatReader(feed);
const messagesReader = (feed: PartFeed): Reader => new MessagesReader(feed);

function streamed(
  write: (send: (event: SseEvent) => void) => ReplySink,
  read: (feed: PartFeed) => Reader,
): StreamTranslation {
  let events: SseEvent[] = [];
  const reader = read(new PartFeed(write((event) => void events.push(event))));
  const take = () => {
    const taken = events;
    events = [];
    return taken;
  };
  return {
    event(event) {
      reader.event(event);
      return take();
    },
    end() {
      reader.end();
      return take();
    },
  };
}

function chatReply(body: JsonObject): WholeReply {
  return collect((feed) => new ChatReader(feed).whole(body));
}

function messagesReply(body: JsonObject): WholeReply {
  return collect((feed) => new MessagesReader(feed).whole(body));
}

function errorOf(status: number, body: Json, type: (status: number) => string): WireError {
  return { status, type: type(status), ...providerError(body) };
}
