import { XConnection } from "./connection.ts";
import {
  eventCode,
  eventMask,
  getNumbers,
  getProperty,
  getRectangle,
  internAtom,
  paintBackground,
  type Rectangle,
  selectEvents,
} from "./requests.ts";

/** A window as its properties (EWMH, ICCCM) and its geometry tell. */
export interface DesktopWindow extends Rectangle {
  id: number;
  title: string;
  class: string;
}

const atomNames = [
  "_NET_SUPPORTING_WM_CHECK",
  "_NET_CLIENT_LIST",
  "_NET_ACTIVE_WINDOW",
  "_NET_WM_NAME",
  "WM_NAME",
  "WM_CLASS",
] as const;
type Atoms = Record<(typeof atomNames)[number], number>;

/** Longest title that is passed on, in characters. */
const maxTitle = 1000;

/** What the window manager says, kept current by X events. */
export class Windows {
  /** A window manager manages. */
  managed = false;
  /** Windows that it manages. */
  clients: readonly number[] = [];
  focused: DesktopWindow | null = null;

  private watched = 0;
  private stale = false;
  private reading = false;

  private constructor(
    private readonly x: XConnection,
    private readonly atoms: Atoms,
    private readonly onChange: () => void,
  ) {}

  /**
   * Connects to the X server; `onChange` is called when anything of the above has changed,
   * `onConnect` when the server has let us in: it may still be starting, and answer later.
   */
  static async open(
    socketPath: string,
    onChange: () => void,
    onConnect: () => void,
  ): Promise<Windows> {
    let windows: Windows | null = null;
    const onEvent = (event: Buffer) => windows?.onEvent(event);
    const x = await XConnection.open(socketPath, onEvent, onConnect);
    const numbers = await Promise.all(atomNames.map((name) => internAtom(x, name)));
    const atoms = Object.fromEntries(atomNames.map((name, at) => [name, numbers[at] ?? 0]));
    windows = new Windows(x, atoms as Atoms, onChange);
    selectEvents(x, x.root, eventMask.propertyChange);
    windows.invalidate();
    return windows;
  }

  /** Colours what no window covers, as 0xrrggbb. */
  colourBackground(colour: number): void {
    paintBackground(this.x, this.x.root, colour);
  }

  close(): void {
    this.x.close();
  }

  private onEvent(event: Buffer): void {
    switch (event.readUInt8(0) & 0x7f) {
      case eventCode.propertyNotify:
        if (Object.values(this.atoms).includes(event.readUInt32LE(8))) this.invalidate();
        break;
      case eventCode.configureNotify:
      case eventCode.destroyNotify:
        this.invalidate();
    }
  }

  /** Reads everything again; events during the reading lead to one more reading. */
  private invalidate(): void {
    this.stale = true;
    if (!this.reading) void this.read();
  }

  private async read(): Promise<void> {
    this.reading = true;
    while (this.stale) {
      this.stale = false;
      const { x, atoms } = this;
      const [check, clients, active] = await Promise.all([
        getNumbers(x, x.root, atoms._NET_SUPPORTING_WM_CHECK),
        getNumbers(x, x.root, atoms._NET_CLIENT_LIST),
        getNumbers(x, x.root, atoms._NET_ACTIVE_WINDOW),
      ]);
      this.managed = await this.watchManager(check[0] ?? 0);
      this.clients = clients;
      this.watch(active[0] ?? 0);
      this.focused = this.watched === 0 ? null : await this.describe(this.watched);
      this.onChange();
    }
    this.reading = false;
  }

  /**
   * Whether a window manager lives: its check window has the same property as the root (EWMH
   * `_NET_SUPPORTING_WM_CHECK`), which a dead one leaves behind on the root. Watches its end.
   */
  private async watchManager(check: number): Promise<boolean> {
    if (check === 0) return false;
    selectEvents(this.x, check, eventMask.structureNotify);
    const own = await getNumbers(this.x, check, this.atoms._NET_SUPPORTING_WM_CHECK);
    return own[0] === check;
  }

  /** Moves the selection of events from the old focused window to the new one. */
  private watch(window: number): void {
    if (window === this.watched) return;
    if (this.watched !== 0) selectEvents(this.x, this.watched, 0);
    if (window !== 0) {
      selectEvents(this.x, window, eventMask.propertyChange | eventMask.structureNotify);
    }
    this.watched = window;
  }

  private async describe(id: number): Promise<DesktopWindow | null> {
    const { x, atoms } = this;
    const [rectangle, netName, name, wmClass] = await Promise.all([
      getRectangle(x, id),
      getProperty(x, id, atoms._NET_WM_NAME),
      getProperty(x, id, atoms.WM_NAME),
      getProperty(x, id, atoms.WM_CLASS),
    ]);
    if (!rectangle) return null;
    return {
      id,
      title: (netName?.toString("utf8") ?? name?.toString("latin1") ?? "").slice(0, maxTitle),
      class: wmClass?.toString("latin1").split("\0")[1]?.slice(0, maxTitle) ?? "",
      ...rectangle,
    };
  }
}
