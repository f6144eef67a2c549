/**
 * nexora-runner: what runs inside a workstation. Three modes of one binary:
 *
 * - `runner`        starts the desktop and serves the daemon (src/runner/protocol.ts). Reads one
 *                   line of JSON (RunnerBoot) from standard input, writes lines of JSON
 *                   (RunnerOutput) to standard output, ends when the X server ends.
 * - `runner relay`  runs inside an xterm and connects it to a terminal of the runner, so that any
 *                   xterm opened with `xterm -e /usr/lib/nexora/runner relay` has exact text.
 * - `runner dial rfb|runner`  joins standard input and output to that port, for a workstation
 *                   without a network.
 *
 * Each mode is imported on demand: the relay must start fast and stay small.
 */
if (process.argv[2] === "relay") {
  const { relay } = await import("./terminal/relay.ts");
  await relay();
} else if (process.argv[2] === "dial") {
  const { dial } = await import("./dial.ts");
  await dial(process.argv[3]);
} else {
  const { run } = await import("./run.ts");
  await run();
}
