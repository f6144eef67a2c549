/** Of one error: lines from its first on, and up to its last. */
const firstLines = 15;
const lastLines = 25;
/** Lines that are shown of all errors, and characters of one line. */
const allLines = 400;
const lineLength = 300;

/** A suite that failed, and what it has printed on each of its streams. */
export interface FailedSuite {
  title: string;
  code: number;
  texts: readonly string[];
}

interface Failure {
  /** The test with its file, or what else went wrong. */
  name: string;
  lines: string[];
}

/**
 * What went wrong in the suites that failed: the error of each failed test as `bun test` has told
 * it, then the names of all, so that the end of a long log has what matters. Of a suite that names no
 * failed test, or has died without its counts, the end of its output is shown. Empty when none failed.
 */
export function summaryOf(suites: readonly FailedSuite[]): string[] {
  const failures = suites.flatMap((suite) =>
    failuresOf(suite).map(({ name, lines }) => ({ name: `${suite.title}: ${name}`, lines })),
  );
  if (failures.length === 0) return [];
  const errors: string[] = [];
  for (const { name, lines } of failures) {
    const shown = shortened(lines).map((line) => line.slice(0, lineLength));
    if (errors.length + shown.length > allLines) continue;
    errors.push("", `-- ${name}`, ...shown);
  }
  return [
    ...errors,
    "",
    "failed:",
    ...failures.map(({ name }) => `  ${name}`.slice(0, lineLength)),
  ];
}

function failuresOf({ code, texts }: FailedSuite): Failure[] {
  const outputs = texts.map((text) => Bun.stripANSI(text).split("\n"));
  const told = outputs.flatMap(failedTests);
  const isCounted = outputs.flat().some((line) => /^ *\d+ fail$/.test(line));
  if (isCounted && told.length > 0) return told;
  const ends = outputs.flatMap((lines) => lines.filter((line) => line.trim()).slice(-lastLines));
  return [...told, { name: `exit code ${code}, the end of its output`, lines: ends }];
}

/** The tests that failed, each with what was printed since the one before. */
function failedTests(lines: readonly string[]): Failure[] {
  const failures: Failure[] = [];
  let file = "";
  let since: string[] = [];
  for (const line of lines) {
    const { 1: isFile } = /^(?:::group::)?(\S+\.tsx?):$/.exec(line) ?? [];
    const { 1: verdict, 2: name } = /^\((pass|fail|skip|todo)\) (.*)$/.exec(line) ?? [];
    // Below it, all names come again.
    if (/^\d+ tests? failed:$/.test(line)) break;
    if (isFile) file = `${isFile}: `;
    else if (verdict === "fail") failures.push({ name: `${file}${name}`, lines: since });
    else if (line.startsWith("  ^ ") && since.length === 0) failures.at(-1)?.lines.push(line);
    else if (line === "# Unhandled error between tests") {
      since = [];
      failures.push({ name: `${file}an error between tests`, lines: since });
      continue;
    } else if (!verdict) {
      since.push(line);
      continue;
    }
    since = [];
  }
  return failures;
}

/** From the error on, without what lies between its beginning and its end. */
function shortened(lines: readonly string[]): string[] {
  const error = lines.findIndex((line) => /^(error|\w*Error): /.test(line));
  // Before it stand up to seven lines of the source.
  const shown = lines.slice(Math.max(0, error - 7)).filter((line) => line.trim());
  const left = shown.length - firstLines - lastLines;
  if (left <= 0) return shown;
  return [...shown.slice(0, firstLines), `… ${left} lines`, ...shown.slice(-lastLines)];
}
