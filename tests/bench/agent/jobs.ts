import { build, hurry, orders, stats, testOrders, testStats } from "./files.ts";

type Json = Record<string, unknown>;

/** A call of one of our tools. `{textbox "Name"}` in its arguments stands for the reference that was last shown for that. */
export interface Call {
  tool: string;
  arguments: Json;
}

/** What Anthropic's demo offers: an action of its tool `computer`, or a line for its tool `bash`. */
export type Action =
  | { action: "screenshot" }
  | { action: "type"; text: string }
  | { action: "key"; text: string }
  | { action: "wait"; duration: number }
  | { action: "scroll"; direction: "up" | "down"; amount: number }
  /** At the middle of a thing: of a window by its role and name, of a page by a target. */
  | { action: "left_click"; thing: string }
  | { action: "left_click"; element: string }
  | { bash: string };

/** A job that is done both ways. */
export interface Job {
  name: string;
  /** What the agent is told. */
  task: string;
  /** In the workspace beforehand. */
  files?: Readonly<Record<string, string>>;
  /** Whether tests/fixtures/site is served inside. */
  site?: true;
  /** What is done beforehand, as operations of the API. */
  before?: readonly [path: string, fields: Json][];
  /** How many times faster it goes here than it says; who waits for it waits so much shorter. @default 1 */
  hurry?: number;
  ours: readonly Call[];
  theirs: readonly Action[];
  /** What must have been shown: the agent answers from it. */
  shows: RegExp;
  /** A line for the shell that succeeds once the job is done. */
  done?: string;
}

/**
 * The rule by which they are written. Both begin with a look, know what is usual (vi, make, forms, menus) and
 * make no mistake. Ours act and wait in one call, and go on when the answer shows what they need. Theirs take as few actions as
 * there can be: text that goes on with Tab or Return is one action, what needs no eyes is none; a click goes where the
 * last picture shows the thing; who waits does so with the action `wait`. Each action answers with a picture, as in the
 * demo; its tool `bash` opens what the demo's own prompt says to open by it, and does nothing that the job wants to be
 * done on the screen.
 */
export const jobs: readonly Job[] = [
  {
    name: "edit a function in vi and test it",
    task: "In the terminal: with vi, let median in stats.py give the mean of the two middle values; then run its tests.",
    files: { "stats.py": stats, "test_stats.py": testStats },
    ours: [
      { tool: "screen", arguments: {} },
      { tool: "type", arguments: { text: "vi stats.py", enter: true, wait: "text=def spread" } },
      {
        tool: "type",
        arguments: {
          text: "/return ordered\nwC(ordered[middle] + ordered[-middle - 1]) / 2\u001b:wq",
          enter: true,
          wait: "prompt",
        },
      },
      { tool: "type", arguments: { text: "python3 -m unittest", enter: true, wait: "prompt" } },
    ],
    theirs: [
      { action: "screenshot" },
      { action: "type", text: "vi stats.py\n" },
      { action: "type", text: "/return ordered\nwC(ordered[middle] + ordered[-middle - 1]) / 2" },
      { action: "key", text: "Escape" },
      { action: "type", text: ":wq\n" },
      { action: "type", text: "python3 -m unittest\n" },
      { action: "wait", duration: 1 },
    ],
    shows: /Ran 4 tests[\s\S]*OK/,
    done: "grep -q 'return (ordered\\[middle\\] + ordered\\[-middle - 1\\]) / 2' stats.py && python3 -m unittest",
  },
  {
    name: "a failing test run",
    task: "In the terminal: run the tests of test_orders. Which test fails, in which line, and with which values?",
    files: { "orders.py": orders, "test_orders.py": testOrders },
    ours: [
      { tool: "screen", arguments: {} },
      {
        tool: "type",
        arguments: { text: "python3 -m unittest test_orders", enter: true, wait: "prompt" },
      },
    ],
    theirs: [
      { action: "screenshot" },
      { action: "type", text: "python3 -m unittest test_orders\n" },
      { action: "wait", duration: 5 },
    ],
    shows: /line 21, in test_refund[\s\S]*41 != 42/,
  },
  {
    name: "fill a web form",
    task: "On http://127.0.0.1:8000/forms order as Ada Lovelace, ada@example.org, size Medium, delivery in the shop, and accept the terms. What does the page answer?",
    site: true,
    before: [["chrome/start", {}]],
    ours: [
      { tool: "chrome_goto", arguments: { url: "http://127.0.0.1:8000/forms" } },
      {
        tool: "batch",
        arguments: {
          actions: [
            { chrome_fill: { target: '{textbox "Name"}', text: "Ada Lovelace" } },
            { chrome_fill: { target: '{textbox "E-mail"}', text: "ada@example.org" } },
            { chrome_select: { target: '{combobox "Size"}', options: ["Medium"] } },
            { chrome_click: { target: '{radio "In the shop"}' } },
            { chrome_click: { target: '{checkbox "I have read the terms"}' } },
            { chrome_click: { target: '{button "Order"}' } },
            { chrome_text: {} },
          ],
          look: "none",
        },
      },
    ],
    theirs: [
      { bash: "(DISPLAY=:1 chromium http://127.0.0.1:8000/forms &)" },
      { action: "screenshot" },
      { action: "left_click", element: 'role=textbox[name="Name"]' },
      { action: "type", text: "Ada Lovelace\tada@example.org" },
      { action: "left_click", element: "#size" },
      { action: "type", text: "Medium\n" },
      { action: "left_click", element: "text=In the shop" },
      { action: "scroll", direction: "down", amount: 10 },
      { action: "left_click", element: "#terms" },
      { action: "left_click", element: "#order" },
    ],
    shows: /Thank you[\s\S]*Ada Lovelace[\s\S]*ada@example\.org[\s\S]*shop/,
  },
  {
    name: "find a value in a GTK dialog",
    task: "In the editor (mousepad), which tab width is set in its preferences?",
    files: { "notes.txt": "hello\n" },
    before: [["open", { target: ["mousepad", "notes.txt"] }]],
    ours: [
      { tool: "screen", arguments: { refs: true } },
      { tool: "click", arguments: { on: '{menuitem "Edit"}', look: "refs" } },
      { tool: "click", arguments: { on: '{menuitem "Preferences..."}', look: "refs" } },
      { tool: "click", arguments: { on: '{tab "Editor"}', look: "refs" } },
    ],
    theirs: [
      { action: "screenshot" },
      { action: "left_click", thing: 'menuitem "Edit"' },
      { action: "left_click", thing: 'menuitem "Preferences..."' },
      { action: "left_click", thing: 'tab "Editor"' },
    ],
    shows: /^Tab width:\n8$/m,
  },
  {
    name: "watch a two-minute build",
    task: "In the terminal: run ./build.sh, which takes about two minutes. Does it succeed, and what does it warn of at its end?",
    files: { "build.sh": build },
    hurry,
    ours: [
      { tool: "screen", arguments: {} },
      {
        tool: "type",
        arguments: { text: "./build.sh", enter: true, wait: "prompt", timeoutMs: 300_000 },
      },
    ],
    theirs: [
      { action: "screenshot" },
      { action: "type", text: "./build.sh\n" },
      { action: "wait", duration: 60 },
      { action: "wait", duration: 60 },
      { action: "wait", duration: 10 },
    ],
    shows: /1 warning: unused variable 'depth'[\s\S]*built in/,
  },
];
