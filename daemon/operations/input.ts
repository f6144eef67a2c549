import type { inputOperations } from "../../src/contract/input.ts";
import type { Actions } from "../actions/actions.ts";
import type { Things } from "../desktop/things.ts";
import type { Input } from "../input/input.ts";
import type { HandlersOf } from "./handler.ts";

export interface InputParts {
  actions: Actions;
  input: Input;
  things: Things;
}

export function inputHandlers({
  actions,
  input: keyboard,
  things,
}: InputParts): HandlersOf<typeof inputOperations> {
  return {
    type: {
      reply(input, { session, signal }) {
        const { text, enter, delayMs, into } = input;
        const { id } = session.row;
        const first = into === undefined ? undefined : () => things.focus(id, into, signal);
        const type = () => keyboard.type(id, text, { enter, delayMs, first }, signal);
        return actions.perform(session, input, signal, type);
      },
    },
    key: {
      reply(input, { session, signal }) {
        const { keys, ...how } = input;
        const press = () => keyboard.press(session.row.id, keys, how, signal);
        return actions.perform(session, input, signal, press);
      },
    },
  };
}
