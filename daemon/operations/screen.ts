import type { screenOperations } from "../../src/contract/screen.ts";
import type { waitOperations } from "../../src/contract/wait.ts";
import type { watchOperations } from "../../src/contract/watch.ts";
import type { Changes } from "../perception/changes.ts";
import type { Screens } from "../perception/screens.ts";
import type { Waits } from "../waits/waits.ts";
import type { HandlersOf } from "./handler.ts";

export function screenHandlers(screens: Screens): HandlersOf<typeof screenOperations> {
  return {
    screen: { reply: (input, { session, signal }) => screens.look(session.row, input, signal) },
  };
}

export function waitHandlers(waits: Waits): HandlersOf<typeof waitOperations> {
  return {
    wait: { reply: (input, { session, signal }) => waits.until(session.row.id, input, signal) },
  };
}

export function watchHandlers(changes: Changes): HandlersOf<typeof watchOperations> {
  return {
    watch: { stream: (input, { session, signal }) => changes.follow(session.row, input, signal) },
  };
}
