import { z } from "zod";
import { NexoraError } from "../../../src/contract/errors.ts";
import { plainText } from "../../../src/contract/operation.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import { validate } from "../../operations/validate.ts";
import { Edits } from "./edits.ts";
import type { Place } from "./shells.ts";
import type { TextFiles } from "./text-files.ts";

/** Characters of a file that are shown, unless the tool's definition says how many; and then at most. */
const shownCharacters = 200_000;
const maxCharactersShown = 1_000_000;

const path = plainText.min(1).max(4096);
const commands = {
  view: z.object({ path, view_range: z.tuple([z.number().int(), z.number().int()]).nullish() }),
  create: z.object({ path, file_text: z.string() }),
  str_replace: z.object({ path, old_str: z.string().min(1), new_str: z.string().nullish() }),
  /** `new_str` is what the versions before 2025-04-29 call the text. */
  insert: z.object({
    path,
    insert_line: z.number().int(),
    insert_text: z.string().nullish(),
    new_str: z.string().nullish(),
  }),
  undo_edit: z.object({ path }),
};

/**
 * Anthropic's text editor, on files of a workstation: relative paths begin at /workspace. What it
 * throws and replies is worded as the vendor's documents word it, so that models know it.
 */
export class Editor {
  private readonly edits = new Edits();
  /** A file is read, changed and written: nobody else's edit comes in between. */
  private readonly queue = new KeyedQueue();

  constructor(private readonly files: TextFiles) {}

  /** Carries a command out, and says what came of it. `maxCharacters`: of a file that is viewed. */
  async run(
    place: Place,
    command: unknown,
    input: unknown,
    maxCharacters: number | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    if (command !== "view") {
      return this.queue.run(place.session, () => this.edit(place, command, input, signal), signal);
    }
    const { path, view_range } = validate(commands.view, input);
    return this.view(place, path, { range: view_range, maxCharacters }, signal);
  }

  /** To be called when a session is gone. */
  drop(session: string): void {
    this.edits.drop(session);
  }

  private async edit(
    place: Place,
    command: unknown,
    input: unknown,
    signal: AbortSignal,
  ): Promise<string> {
    switch (command) {
      case "create": {
        const { path, file_text } = validate(commands.create, input);
        await this.files.write(place.session, path, file_text, { create: true }, signal);
        this.edits.add(place, path, { before: null, after: file_text });
        return `File created successfully at: ${path}`;
      }
      case "str_replace": {
        const { path, old_str, new_str } = validate(commands.str_replace, input);
        await this.change(place, path, (text) => replaced(text, old_str, new_str ?? ""), signal);
        return "Successfully replaced text at exactly one location.";
      }
      case "insert": {
        const { path, insert_line, insert_text, new_str } = validate(commands.insert, input);
        const added = insert_text ?? new_str;
        if (typeof added !== "string") throw new NexoraError("usage", "insert_text: missing");
        await this.change(place, path, (text) => inserted(text, insert_line, added), signal);
        return `Successfully inserted text after line ${insert_line}.`;
      }
      case "undo_edit":
        return this.undo(place, validate(commands.undo_edit, input).path, signal);
      default: {
        const known = Object.keys(commands).join(", ");
        throw new NexoraError("usage", `command: must be one of ${known}`);
      }
    }
  }

  private async view(
    { session }: Place,
    path: string,
    {
      range,
      maxCharacters,
    }: { range: [number, number] | null | undefined; maxCharacters: number | undefined },
    signal: AbortSignal,
  ): Promise<string> {
    const text = await this.files.read(session, path, signal);
    if (text === null) {
      if (range) throw new NexoraError("usage", "view_range: a folder has no lines");
      const names = await this.files.list(session, path, signal);
      return [`${path}, two levels deep, without what is hidden:`, ...names].join("\n");
    }
    const shown = numbered(text, range ?? [1, -1]);
    const most = Math.min(maxCharacters ?? shownCharacters, maxCharactersShown);
    if (shown.length <= most) return shown;
    return `${shown.slice(0, most).toWellFormed()}\n\n... File truncated (${shown.length} total characters); view the rest with view_range ...`;
  }

  private async change(
    place: Place,
    path: string,
    change: (text: string) => string,
    signal: AbortSignal,
  ): Promise<void> {
    const before = await this.text(place, path, signal);
    const after = change(before);
    await this.files.write(place.session, path, after, {}, signal);
    this.edits.add(place, path, { before, after });
  }

  private async undo(place: Place, path: string, signal: AbortSignal): Promise<string> {
    const edit = this.edits.last(place, path);
    if (!edit) throw new NexoraError("usage", `No edit history found for ${path}.`);
    if ((await this.text(place, path, signal)) !== edit.after) {
      throw new NexoraError("action_failed", `${path} has been changed since; nothing was undone.`);
    }
    if (edit.before === null) await this.files.remove(place.session, path, signal);
    else await this.files.write(place.session, path, edit.before, {}, signal);
    this.edits.remove(edit);
    return `Last edit to ${path} undone successfully.`;
  }

  private async text({ session }: Place, path: string, signal: AbortSignal): Promise<string> {
    const text = await this.files.read(session, path, signal);
    if (text !== null) return text;
    throw new NexoraError("usage", `${path} is a folder, which can only be viewed`);
  }
}

/** Lines with their numbers; `range`: the first and the last, from 1, -1 is the end. */
function numbered(text: string, [from, to]: [number, number]): string {
  const lines = text.split("\n");
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  const last = to === -1 ? lines.length : to;
  if (from < 1 || from > lines.length || last < from) {
    throw new NexoraError(
      "usage",
      `Invalid \`view_range\`: [${from}, ${to}]. The file has ${lines.length} lines, from 1; -1 is the last.`,
    );
  }
  return lines
    .slice(from - 1, last)
    .map((line, at) => `${from + at}: ${line}`)
    .join("\n");
}

function replaced(text: string, old: string, now: string): string {
  const parts = text.split(old);
  if (parts.length === 2) return parts.join(now);
  throw new NexoraError(
    "action_failed",
    parts.length === 1
      ? "No match found for replacement. Please check your text and try again."
      : `Found ${parts.length - 1} matches for replacement text. Please provide more context to make a unique match.`,
  );
}

/** Text after a line, on lines of its own. */
function inserted(text: string, line: number, added: string): string {
  const lines = text === "" ? [] : text.split("\n");
  const isEnded = lines.at(-1) === "";
  if (isEnded) lines.pop();
  if (line < 0 || line > lines.length) {
    throw new NexoraError(
      "usage",
      `Invalid \`insert_line\`: ${line}. The file has ${lines.length} lines: give 0 to ${lines.length}.`,
    );
  }
  lines.splice(line, 0, ...added.replace(/\n$/, "").split("\n"));
  return lines.join("\n") + (isEnded || text === "" ? "\n" : "");
}
