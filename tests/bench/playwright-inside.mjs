// Playwright in the workstation, on the tab that is there: does what each line of its standard input
// says, and answers with a line. Run by Node.js with the library of the image.
import { createInterface } from "node:readline";
import { chromium } from "/usr/lib/nexora/playwright/index.mjs";

const browser = await chromium.connectOverCDP("http://127.0.0.1:9222");
const page = browser.contexts()[0].pages()[0];

const doings = {
  read: async ({ url }) => {
    await page.goto(url);
    return (await page.locator("body").innerText()).length;
  },
  snapshot: async () => (await page.locator("body").ariaSnapshot()).length,
  click: ({ target }) => page.click(target),
  clickAndLook: async ({ target }) => {
    await page.click(target);
    return page.evaluate(() => [location.href, document.title, document.activeElement?.outerHTML]);
  },
};

console.log(JSON.stringify({ ready: browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const { what, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ result: (await doings[what](given)) ?? null }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
await browser.close();
process.exit(0);
