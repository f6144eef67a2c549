import type { Tap, Usage } from "../format.ts";
import { type JsonObject, parseObject } from "../json.ts";

/** What a tap has seen; a format's reader writes it. */
export interface TapState {
  usage: Usage | null;
  output: boolean;
  ended: boolean;
  failed: boolean;
}

/**
 * A tap that gives each event's object, and the name of the event, to `read`. `end`: data that is no
 * JSON and ends the stream.
 */
export function makeTap(
  read: (body: JsonObject, state: TapState, name: string | null) => void,
  end?: string,
): Tap {
  const state: TapState = { usage: null, output: false, ended: false, failed: false };
  return {
    event({ data, event: name }) {
      if (data === end) {
        state.ended = true;
        return;
      }
      const body = parseObject(data);
      if (body) read(body, state, name);
      else state.failed = true;
    },
    get usage() {
      return state.usage;
    },
    get output() {
      return state.output;
    },
    get ended() {
      return state.ended;
    },
    get failed() {
      return state.failed;
    },
  };
}
