import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { Locator, Page } from "playwright-core";

/** The pictures that a script has taken. */
export interface Pictures {
  /** Keeps from now on every picture that is taken of a page or of a part of one. */
  watch(page: Page): void;
  /** Takes one for us, if it can be taken. */
  shoot(page: Page, name: string): Promise<void>;
}

/** Pictures that are kept of one run. */
const maxPictures = 100;

/** How long one for us may take, in milliseconds. */
const ownPictureMs = 5000;

type Shoot = (this: unknown, options?: { path?: string; type?: string }) => Promise<Buffer>;

/** Keeps pictures in a folder, by the names that the script gives them. */
export function keepPictures(folder: string): Pictures {
  let count = 0;
  const keep = (name: string, bytes: Uint8Array) => {
    if (++count > maxPictures) {
      if (count === maxPictures + 1)
        console.error(`(only the first ${maxPictures} pictures are kept)`);
      return;
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, free(folder, name)), bytes);
  };
  let ours = false;
  const wrap = (owner: Page | Locator) => {
    const prototype = Object.getPrototypeOf(owner) as { screenshot: Shoot };
    const original = prototype.screenshot;
    prototype.screenshot = async function (options) {
      const bytes = await original.call(this, options);
      const { path, type } = options ?? {};
      if (!ours) keep(path === undefined ? `picture.${type ?? "png"}` : basename(path), bytes);
      return bytes;
    };
  };
  return {
    watch(page) {
      wrap(page);
      wrap(page.locator("html"));
    },
    async shoot(page, name) {
      ours = true;
      try {
        keep(name, await page.screenshot({ timeout: ownPictureMs }));
      } catch {
        console.error("(no picture could be taken of the page)");
      } finally {
        ours = false;
      }
    },
  };
}

/** The name, or that of the next in a series: `a.png`, `a-2.png`. */
function free(folder: string, name: string): string {
  const end = extname(name);
  const start = basename(name, end);
  for (let n = 1; ; n++) {
    const tried = n === 1 ? name : `${start}-${n}${end}`;
    if (!existsSync(join(folder, tried))) return tried;
  }
}
