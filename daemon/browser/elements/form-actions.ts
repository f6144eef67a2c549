import { deadline, within } from "../../../src/abort.ts";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainLine } from "../../../src/plain-text.ts";
import { hit } from "./aim.ts";
import type { ElementActions, Where } from "./element-actions.ts";
import type { Element, Elements } from "./elements.ts";
import { pressChords } from "./keyboard.ts";
import { isGone } from "./words.ts";

/** What a field needs: it may be covered, as keys do not go by the pointer. */
const field = { ...hit, hit: false };

/** What is done to the fields of forms. */
export class FormActions {
  constructor(
    private readonly elements: Elements,
    private readonly does: ElementActions,
  ) {}

  /** Lets a field have this text in place of what is in it. */
  async fill(where: Where, target: string, text: string): Promise<string> {
    const { page, signal } = where;
    const { elements } = this;
    const element = await this.does.ready(where, target, { ...field, editable: true });
    const begun = await elements.call(element, "beginFill", [element.n, text], signal);
    if (begun.way === "refused") {
      throw new NexoraError("action_failed", `${element.named} cannot be filled: ${begun.why}`, {
        hint: "`nexora chrome` has check, select, upload and click as well",
      });
    }
    if (begun.way === "done") return element.named;
    if (text === "") await pressChords(page, ["Delete"], signal);
    else await page.send("Input.insertText", { text }, { signal });
    return element.named;
  }

  /** Chooses options of a list, by their values or labels, in place of those that were chosen. */
  async select(where: Where, target: string, options: readonly string[]) {
    const element = await this.does.ready(where, target, field);
    const { named, n } = element;
    const done = await this.elements.call(element, "select", [n, options], where.signal);
    if (done.ok) return { target: named, values: done.values, labels: done.labels };
    const option = JSON.stringify(plainLine(done.option));
    const why = {
      "no-select": "it is no list of options",
      single: "only one of its options can be chosen",
      unknown: `it has no option ${option}`,
      disabled: `its option ${option} is disabled`,
    }[done.why];
    const labels = done.options.map((label) => JSON.stringify(plainLine(label).slice(0, 100)));
    const has = labels.slice(0, 20).join(", ") + (labels.length > 20 ? " …" : "");
    throw new NexoraError(
      done.why === "unknown" ? "not_found" : "action_failed",
      `${named}: ${why}`,
      {
        hint:
          labels.length > 0 ? `it has ${has}` : "a list that the page makes is opened by a click",
        details: { options: done.options.slice(0, 50) },
      },
    );
  }

  /** Clicks a box unless it is as asked. Says whether it had to. */
  async check(where: Where, target: string, checked: boolean) {
    const state = async (element: Element) =>
      this.elements.call(element, "checked", [element.n], where.signal);
    const element = await this.does.ready(where, target, field);
    const before = await state(element);
    const { named } = element;
    if (before === null) {
      throw new NexoraError("action_failed", `${named} can be neither on nor off`, {
        hint: "check takes check boxes, radio buttons and switches",
      });
    }
    if (before === checked) return { target: named, checked, clicked: false };
    await this.does.click(where, target, { button: "left", count: 1, hold: [] });
    // The page may have put another element in its place.
    const after = await state(element).catch(async (error) => {
      if (isGone(error)) return state(await this.does.find(where, target));
      throw error;
    });
    if (after === checked) return { target: named, checked, clicked: true };
    throw new NexoraError(
      "action_failed",
      `${named} is not ${checked ? "on" : "off"} after a click`,
      {
        hint: checked
          ? "the page may refuse it"
          : "a radio button goes off when another one is chosen",
      },
    );
  }

  /** Gives a field files of the workstation, or whatever opens a choice of files. */
  async upload(where: Where, target: string, files: readonly string[]): Promise<string> {
    const { page, signal } = where;
    const element = await this.does.find(where, target);
    await where.turn();
    const field = await this.elements.call(element, "fileInput", [element.n], signal);
    const options = { session: element.frame.session, signal };
    const refuse = () =>
      new NexoraError("action_failed", `${element.named} takes one file only`, {
        hint: "give one file",
      });
    if (field) {
      if (!field.multiple && files.length > 1) throw refuse();
      const objectId = await this.elements.frames.object(page, element.frame, field.n, signal);
      await page.send("DOM.setFileInputFiles", { files: [...files], objectId }, options);
      page.send("Runtime.releaseObject", { objectId }, options).catch(() => {});
      return element.named;
    }
    const opened = Promise.withResolvers<{
      backendNodeId?: number;
      mode: string;
      session: string;
    }>();
    const off = page.on("Page.fileChooserOpened", (event, session) =>
      opened.resolve({ ...event, session }),
    );
    const intercept = (enabled: boolean) =>
      Promise.all(
        page.sessions().map(async (session) => {
          await page.send("Page.enable", {}, { session, signal: page.signal });
          await page.send(
            "Page.setInterceptFileChooserDialog",
            { enabled },
            { session, signal: page.signal },
          );
        }),
      );
    try {
      await intercept(true);
      await this.does.click(where, target, { button: "left", count: 1, hold: [] });
      const ends = deadline(where.timeoutMs, AbortSignal.any([signal, page.signal]));
      const chooser = await within(opened.promise, ends).catch((error) => {
        signal.throwIfAborted();
        page.signal.throwIfAborted();
        if (ends.aborted) return null;
        throw error;
      });
      if (!chooser?.backendNodeId) {
        throw new NexoraError("action_failed", `${element.named} opens no choice of files`, {
          hint: "name the field for files, or what opens it: see `nexora chrome snapshot`",
        });
      }
      if (chooser.mode === "selectSingle" && files.length > 1) throw refuse();
      const { backendNodeId, session } = chooser;
      await page.send(
        "DOM.setFileInputFiles",
        { files: [...files], backendNodeId },
        { session, signal },
      );
    } finally {
      off();
      await intercept(false).catch(() => {});
    }
    return element.named;
  }
}
