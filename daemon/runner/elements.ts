import { z } from "zod";
import type {
  RunnerAccessibleWindow,
  RunnerElement,
  RunnerElementAct,
  RunnerElementActed,
  RunnerElements,
} from "../../src/runner/elements.ts";
import { id, line, maxRow, rectangle, text, whole } from "./bounds.ts";
import type { RunnerRequests } from "./requests.ts";

/** Elements of a window: the runner gives no more. */
const maxElements = 4000;

const element = z.object({
  key: z.string().min(1).max(1000),
  role: line(50),
  name: line(500),
  value: text(1000).nullable(),
  states: z.array(line(50)).max(20),
  box: rectangle.nullable(),
  depth: whole(0, 100),
  listed: z.boolean(),
  lines: z.array(z.object({ text: line(maxRow), box: rectangle.nullable() })).max(1000),
}) satisfies z.ZodType<RunnerElement>;

const elementsReply = z.object({
  windows: z
    .array(
      z.object({
        id,
        degraded: line(1000).nullable(),
        elements: z.array(element).max(maxElements),
      }),
    )
    .max(1000),
}) satisfies z.ZodType<RunnerElements>;

const actedReply = z.object({
  element: element.nullable(),
  window: id.nullable(),
  done: z.boolean(),
}) satisfies z.ZodType<RunnerElementActed>;

/** What toolkits' programs tell of their windows (AT-SPI). */
export class ToolkitElements {
  constructor(private readonly requests: RunnerRequests) {}

  /** What the windows show, of those that are given. */
  of(
    session: string,
    windows: readonly RunnerAccessibleWindow[],
    signal?: AbortSignal,
  ): Promise<RunnerElements> {
    return this.requests.ask(elementsReply, session, { at: "elements", post: { windows } }, signal);
  }

  /** Does something with an element. Throws `action_failed` and `timeout`, in its program's words. */
  act(
    session: string,
    asked: { key: string; act: RunnerElementAct; windows: readonly RunnerAccessibleWindow[] },
    signal?: AbortSignal,
  ): Promise<RunnerElementActed> {
    return this.requests.ask(actedReply, session, { at: "element", post: asked }, signal);
  }
}
