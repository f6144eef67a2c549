import type { inputOperations } from "../../src/contract/input.ts";
import type { Actions } from "../actions/actions.ts";
import type { Input } from "../input/input.ts";
import type { HandlersOf } from "./handler.ts";

export interface InputParts {
  actions: Actions;
  input: Input;
}

export function inputHandlers({
  actions,
  input: keyboard,
}: InputParts): HandlersOf<typeof inputOperations> {
  return {
    type: {
      reply(input, { session, signal }) {
        const { text, enter, delayMs } = input;
        const type = () => keyboard.type(session.row.id, text, { enter, delayMs }, signal);
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
