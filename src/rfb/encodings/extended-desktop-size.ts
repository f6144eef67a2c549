import type { Screen } from "../client-messages.ts";
import { type Reading, readU8, readView } from "../reader.ts";

/**
 * ExtendedDesktopSize pseudo-encoding (the community's RFB specification): the screens that
 * the desktop is made of.
 */
export function* readScreens(): Reading<Screen[]> {
  const count = yield* readU8();
  yield 3;
  const screens: Screen[] = [];
  for (let i = 0; i < count; i++) {
    const view = yield* readView(16);
    screens.push({
      id: view.getUint32(0),
      x: view.getUint16(4),
      y: view.getUint16(6),
      width: view.getUint16(8),
      height: view.getUint16(10),
      flags: view.getUint32(12),
    });
  }
  return screens;
}

/** Why the server did not change the size as this client had asked, in words. */
export function refusal(status: number): string {
  const reasons = ["", "it is prohibited", "it is out of resources", "the layout is invalid"];
  return reasons[status] ?? `status ${status}`;
}
