/** A window that is not shown paints no frames: then this many milliseconds stand for one. */
const frameMs = 500;
/** Frames without motion after which a scroll is over, and the most that are waited for. */
const restFrames = 4;
const mostFrames = 90;

/** What scrolls when the wheel is turned over an element; null: over the page. */
export function scroller(element: Element | null): Element {
  for (let at = element; at; at = at.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(at);
    const turns = /auto|scroll/.test(`${overflowX} ${overflowY}`);
    if (turns && (at.scrollHeight > at.clientHeight || at.scrollWidth > at.clientWidth)) return at;
  }
  return document.scrollingElement ?? document.documentElement;
}

/** How far it has been scrolled, and how far it can be. */
export function scrolledOf(element: Element) {
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = element;
  return {
    x: Math.round(scrollLeft),
    y: Math.round(scrollTop),
    maxX: Math.round(scrollWidth - clientWidth),
    maxY: Math.round(scrollHeight - clientHeight),
  };
}

/** As `scrolledOf`, once it no longer moves. */
export async function toRest(element: Element) {
  let still = 0;
  for (let frame = 0; frame < mostFrames && still < restFrames; frame++) {
    const { scrollLeft, scrollTop } = element;
    await nextFrame();
    still = scrollLeft === element.scrollLeft && scrollTop === element.scrollTop ? still + 1 : 0;
  }
  return scrolledOf(element);
}

/** Resolves when the next frame is about to be painted. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, frameMs);
    requestAnimationFrame(() => {
      clearTimeout(late);
      resolve();
    });
  });
}
