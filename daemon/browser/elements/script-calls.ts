import type { Protocol } from "devtools-protocol";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import { Refusal } from "../cdp/protocol.ts";
import type { PageLink } from "./page-link.ts";
import { goneMark, type PageCalls } from "./page-types.ts";
import { type PageReply, pageReplies } from "./replies.ts";

/** A document in a frame, with our script in a world of its own. */
export interface Frame {
  id: string;
  /** The document's own. */
  loader: string;
  /** Session of the process that it is in. */
  session: string;
  parent: Frame | null;
  url: string;
  /** Execution context of the script. */
  context: number;
  /** Names the script's run: with another one, numbers of elements mean nothing. */
  world: string;
}

/** Calls to our script in frames. */
export class ScriptCalls {
  /** The element that holds a frame never changes: a frame that is moved is loaded anew. */
  private readonly owners = new WeakMap<Frame, number>();

  /**
   * Calls the script in a frame. Throws a `Refusal` when the document is gone, with `goneMark` when the
   * element is.
   */
  async call<Call extends keyof PageCalls>(
    page: PageLink,
    frame: Frame,
    call: Call,
    args: PageCalls[Call],
    signal: AbortSignal,
  ): Promise<PageReply<Call>> {
    const { result, exceptionDetails } = await page.send(
      "Runtime.callFunctionOn",
      {
        functionDeclaration: "(world,call,...args)=>nexora.call(world,call,args)",
        executionContextId: frame.context,
        arguments: [frame.world, call, ...args].map((value) => ({ value })),
        returnByValue: true,
        awaitPromise: true,
      },
      { session: frame.session, signal },
    );
    if (exceptionDetails) throw thrown(call, exceptionDetails);
    const reply = pageReplies[call].safeParse(result.value);
    if (reply.success) return reply.data as PageReply<Call>;
    throw new NexoraError(
      "action_failed",
      `the page's answer to ${call} makes no sense: ${plainLine(reply.error.issues[0]?.message ?? "")}`,
    );
  }

  /** The element itself, for commands that need it. It is to be released. */
  async object(page: PageLink, frame: Frame, n: number, signal: AbortSignal): Promise<string> {
    const { result } = await page.send(
      "Runtime.callFunctionOn",
      {
        functionDeclaration: "(world,n)=>nexora.element(world,n)",
        executionContextId: frame.context,
        arguments: [{ value: frame.world }, { value: n }],
      },
      { session: frame.session, signal },
    );
    if (result.objectId) return result.objectId;
    throw new Refusal("Runtime.callFunctionOn", goneMark);
  }

  /** Number, in its parent, of the element that holds a frame. Throws a `Refusal` when the frame is gone. */
  async owner(page: PageLink, frame: Frame, parent: Frame, signal: AbortSignal): Promise<number> {
    const known = this.owners.get(frame);
    if (known !== undefined) return known;
    const options = { session: parent.session, signal };
    const { backendNodeId } = await page.send("DOM.getFrameOwner", { frameId: frame.id }, options);
    const { object } = await page.send(
      "DOM.resolveNode",
      { backendNodeId, executionContextId: parent.context },
      options,
    );
    const { objectId } = object;
    if (!objectId) throw new Refusal("DOM.resolveNode", goneMark);
    const { result } = await page.send(
      "Runtime.callFunctionOn",
      {
        functionDeclaration: "function(world){return nexora.numberOf(world,this)}",
        objectId,
        arguments: [{ value: parent.world }],
        returnByValue: true,
      },
      options,
    );
    page.send("Runtime.releaseObject", { objectId }, options).catch(() => {});
    const n = pageReplies.numberOf.parse(result.value);
    this.owners.set(frame, n);
    return n;
  }

  /** Where a frame's viewport begins in the page's, in CSS pixels, and how much larger it is shown. */
  async offset(page: PageLink, frame: Frame, signal: AbortSignal): Promise<Offset> {
    let all: Offset = { x: 0, y: 0, scaleX: 1, scaleY: 1 };
    for (let at = frame; at.parent; at = at.parent) {
      const owner = await this.owner(page, at, at.parent, signal);
      const box = await this.call(page, at.parent, "frameBox", [owner], signal);
      if (!box?.shown) throw new Refusal("frameBox", goneMark);
      all = {
        x: box.x + all.x * box.scaleX,
        y: box.y + all.y * box.scaleY,
        scaleX: box.scaleX * all.scaleX,
        scaleY: box.scaleY * all.scaleY,
      };
    }
    return all;
  }
}

interface Offset {
  x: number;
  y: number;
  scaleX: number;
  scaleY: number;
}

/** For `catch`: a refusal becomes `value`, since what was asked has gone meanwhile. */
export function ifRefused<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Refusal) return value;
    throw error;
  };
}

/** An error that our script has thrown; a refusal, as the document may have changed under it. */
export function thrown(
  call: string,
  { exception, text }: Protocol.Runtime.ExceptionDetails,
): Refusal {
  const said = exception?.description ?? text;
  return new Refusal(call, said.split("\n")[0]?.replace(/^\w*Error: /, "") ?? "");
}
