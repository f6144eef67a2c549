import { NexoraError } from "../../src/contract/errors.ts";
import type { pointerOperations } from "../../src/contract/pointer.ts";
import type { Actions } from "../actions/actions.ts";
import { type Scrolled, scrollPixels } from "../desktop/pixel-scroll.ts";
import type { Pointing } from "../desktop/pointing.ts";
import type { HandlersOf } from "./handler.ts";

export function pointerHandlers(
  pointing: Pointing,
  actions: Actions,
): HandlersOf<typeof pointerOperations> {
  const points = <P>(at: P | undefined) => (at === undefined ? [] : [at]);
  return {
    click: {
      reply(input, { session, signal }) {
        const { at, button, count, hold } = input;
        return actions.perform(session, input, signal, () =>
          pointing.perform(session.row.id, points(at), input, signal, {
            act: (pointer) => pointer.click(button, count, hold),
            press: button === "left" && count === 1 && hold.length === 0,
          }),
        );
      },
    },
    move: {
      reply(input, { session, signal }) {
        if (input.at === undefined && input.on === undefined) {
          throw new NexoraError("usage", "say where to: give a point, a text or a reference");
        }
        return actions.perform(session, input, signal, () =>
          pointing.perform(session.row.id, points(input.at), input, signal),
        );
      },
    },
    drag: {
      reply(input, { session, signal }) {
        const { path, button, hold } = input;
        return actions.perform(session, input, signal, () =>
          pointing.perform(session.row.id, path, input, signal, {
            act: (pointer, { way }) => pointer.drag(way, button, hold),
          }),
        );
      },
    },
    scroll: {
      reply(input, { session, signal }) {
        const { at, direction, notches = 3, pixels, hold } = input;
        if (pixels !== undefined && input.notches !== undefined) {
          throw new NexoraError("usage", "give notches or pixels, not both");
        }
        return actions.perform(session, input, signal, async () => {
          let scrolled: Scrolled | null = null;
          const place = await pointing.perform(session.row.id, points(at), input, signal, {
            async act(pointer, { display, under }) {
              if (pixels === undefined) return pointer.scroll(direction, notches, hold);
              const wanted = { direction, pixels, hold };
              scrolled = await scrollPixels(pointer, display, await under(), wanted, signal);
            },
          });
          return { ...place, scrolled };
        });
      },
    },
  };
}
