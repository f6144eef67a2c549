import type { Place } from "./shells.ts";

/** Characters of all that is remembered, to go back to. */
const maxCharacters = 16 * 1024 * 1024;

export interface Edit {
  /** Null: there was no file. */
  before: string | null;
  after: string;
}

type Remembered = Edit & Place & { path: string };

/** What was changed, for `undo_edit`. */
export class Edits {
  /** The latest at the end. */
  private all: Remembered[] = [];
  private length = 0;

  add(place: Place, path: string, edit: Edit): void {
    const remembered = { ...place, path, ...edit };
    this.all.push(remembered);
    this.length += lengthOf(remembered);
    while (this.length > maxCharacters) this.length -= lengthOf(this.all.shift());
  }

  /** The latest of a file in a conversation. */
  last({ session, conversation }: Place, path: string): Edit | undefined {
    return this.all.findLast(
      (each) =>
        each.session === session && each.conversation === conversation && each.path === path,
    );
  }

  /** It is undone. */
  remove(edit: Edit): void {
    this.keep((each) => each !== edit);
  }

  /** To be called when a session is gone. */
  drop(session: string): void {
    this.keep((each) => each.session !== session);
  }

  private keep(wanted: (edit: Edit & Place) => boolean): void {
    this.all = this.all.filter(wanted);
    this.length = this.all.reduce((sum, each) => sum + lengthOf(each), 0);
  }
}

/** An edit takes memory also when its texts are empty. */
function lengthOf(edit: Remembered | undefined): number {
  return edit ? 200 + edit.path.length + (edit.before?.length ?? 0) + edit.after.length : 0;
}
