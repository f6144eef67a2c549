import { deadline } from "../../src/abort.ts";
import type { Changed } from "../../src/contract/chrome-changes.ts";
import { Changes } from "./pages/changes.ts";
import { factsOf } from "./pages/facts.ts";
import type { PageReader } from "./pages/reader.ts";
import { changedPart } from "./pages/snapshot-changes.ts";
import type { PageWatch } from "./pages/watch.ts";
import type { Tab } from "./tab.ts";

/** How long an action's navigation may take until the reply says that the page still loads, in milliseconds. */
const arriveMs = 5_000;
/** How long a tab that is being opened, or a download, may take until it is there, in milliseconds. */
const openMs = 5_000;

export interface Acting {
  thenSnapshot: boolean;
  /** The action loads the page anew, so that one which has crashed is no obstacle. */
  revives?: boolean;
  signal: AbortSignal;
}

/** Acts on pages, and says what has changed by that: what every verb that acts on one does the same way. */
export class PageActions {
  constructor(private readonly reader: Pick<PageReader, "snapshot">) {}

  /**
   * Runs an action. Its signal also aborts when the page crashes. `done` is null when a dialog has
   * opened before it was over: then it is left behind, as the page does nothing more before the dialog is
   * answered. Throws what the action throws, `dialog_open` when one blocks the page already, and `page_crashed`.
   */
  async perform<T>(
    tab: Tab,
    { thenSnapshot, revives = false, signal }: Acting,
    act: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ done: T | null; changed: Changed }> {
    const { browser, page, watch } = tab;
    if (!revives || !watch.crashed) watch.checkOpen();
    const alive = watch.crashed ? signal : watch.alive(signal);
    watch.acted = watch.network.newest;
    const before = thenSnapshot ? await this.snapshot(tab, alive) : null;
    using changes = new Changes(browser, watch);
    const acted = await this.untilDialog(changes, () => act(alive), alive);
    const focused = await this.rest(watch, changes, alive);
    const { url, title } = page;
    const said = focused ?? { url, title, focused: null, keeps: false };
    const after = before !== null && focused ? await this.after(changes, tab, alive) : null;
    return {
      done: acted,
      changed: {
        ...changes.told(said),
        snapshot:
          after === null ? null : changes.navigated ? after : changedPart(before ?? "", after),
      },
    };
  }

  /** What an action gives, or null when a dialog opens first. */
  private async untilDialog<T>(
    changes: Changes,
    act: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | null> {
    const acting = act().catch((error: unknown) => {
      // A page that closes itself ends what was asked of it.
      if (changes.isGone()) return null;
      throw error;
    });
    using dialog = changes.dialogOpens(signal);
    const first = await Promise.race([acting, dialog.opened]);
    acting.catch(() => {});
    return first;
  }

  /** Waits until what the action has begun has come; what the page is then, null while nothing can be asked of it. */
  private async rest(watch: PageWatch, changes: Changes, signal: AbortSignal) {
    const facts = async () => {
      if (!changes.isOpen()) return null;
      return this.untilDialog(changes, () => factsOf(watch, signal, changes.since), signal);
    };
    const first = await facts();
    if (first === null) return null;
    const opened = await changes.tabsCome(deadline(openMs, signal));
    const moved = await changes.arrives(deadline(arriveMs, signal));
    await changes.downloadsBegin(first, deadline(openMs, signal));
    signal.throwIfAborted();
    return opened || moved ? facts() : first;
  }

  private after(changes: Changes, tab: Tab, signal: AbortSignal): Promise<string | null> {
    return this.untilDialog(changes, () => this.snapshot(tab, signal), signal);
  }

  private snapshot({ session, page }: Tab, signal: AbortSignal): Promise<string> {
    return this.reader.snapshot(session, page, signal);
  }
}
