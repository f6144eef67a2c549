// What a client must do, told as JSON: run by Node.js and by Bun, in a folder where it is installed.
import { connect, NexoraError } from "@nexora/client";

const [session, url, token] = process.argv.slice(2);
const nexora = connect();
const desk = nexora.workstation(session);
const told = {};

/** The error that a call ends with, by its code. */
async function codeOf(call) {
  try {
    await call;
    return "none";
  } catch (error) {
    return error instanceof NexoraError ? error.code : String(error);
  }
}

async function textOf(items) {
  const text = [];
  for await (const item of items) {
    if (item.bytes) text.push(Buffer.from(item.bytes).toString());
    if (item.type === "result") text.push(`exit ${item.exitCode ?? item.signal}`);
  }
  return text.join("");
}

// Errors.
told.unknownField = await codeOf(desk.exec(["true"], { timeout: 1 }));
told.noSession = await codeOf(nexora.session.show({ session: "no-such-session" }));
const refused = await nexora.session.show({ session: "no-such-session" }).catch((error) => error);
told.hint = refused.hint;
told.nobody = await codeOf(connect({ socket: "/nowhere/nexora.sock" }).session.ls({}));
told.badUrl = await codeOf((async () => connect({ url: "nowhere" }))());

// TCP with a token, past a proxy that the environment names.
const overTcp = connect({ url, token });
told.overTcp = (await overTcp.session.show({ session })).name === (await desk.session.show()).name;
told.badToken = await codeOf(connect({ url, token: "wrong" }).session.ls({}));

// Nested fields in a query, lists in a body, a health reply.
const region = { x: 0, y: 0, width: 40, height: 20 };
const part = await desk.screen({ region, text: false });
told.region = [part.image?.width, part.image?.height, part.text];
told.healthy = (await nexora.health({})).ok;

// Pictures.
const picture = await desk.screen.picture({ region });
told.png = [picture.type, Buffer.from(picture.bytes.subarray(1, 4)).toString()];
told.facts = [picture.facts.image?.width, "base64" in (picture.facts.image ?? {})];

// Programs.
const cat = desk.exec.stream(["cat"], {}, { interactive: true });
const heard = textOf(cat);
await cat.write("one\n");
await cat.write(new Uint8Array([116, 119, 111, 10]));
cat.end();
told.cat = await heard;
const big = desk.exec.stream(["wc", "-c"], {}, { interactive: true });
const counted = textOf(big);
await big.write(new Uint8Array(3_000_000));
big.end();
told.counted = await counted;
// Talks back and forth: the reply is read while the request is open.
const echo = desk.exec.stream(["cat"], {}, { interactive: true });
const parts = echo[Symbol.asyncIterator]();
await parts.next();
told.turns = [];
for (const line of ["a", "b"]) {
  await echo.write(line);
  const { value } = await parts.next();
  told.turns.push(Buffer.from(value.bytes).toString());
}
echo.signal("SIGTERM");
told.signalled = (await parts.next()).value.signal;
const tty = desk.exec.stream(
  ["sh", "-c", "stty size; read x; stty size"],
  { tty: true },
  { interactive: true },
);
const sizes = tty[Symbol.asyncIterator]();
await sizes.next();
const first = await sizes.next();
tty.resize(100, 30);
await tty.write("\n");
told.sizes =
  Buffer.from(first.value.bytes).toString() +
  (await textOf({ [Symbol.asyncIterator]: () => sizes }));
// The terminal that shows on the desktop.
let shown = "";
const visible = desk.session.attach();
await visible.write("echo att''ached\n");
for await (const item of visible) {
  if (item.type === "stdout") shown += Buffer.from(item.bytes).toString();
  if (shown.includes("attached")) break;
}
told.attached = shown.includes("attached");
told.noInput = await textOf(desk.exec.stream(["cat"]));
told.noFolder = await codeOf(textOf(desk.exec.stream(["true"], { cwd: "/no/such/folder" })));

// Giving up.
told.timeout = await codeOf(desk.exec(["sleep", "60"], {}, { timeoutMs: 200 }));
const controller = new AbortController();
const sleeping = codeOf(desk.exec(["sleep", "60"], {}, { signal: controller.signal }));
controller.abort();
told.aborted = await sleeping;
told.late = await codeOf(
  desk.wait({ text: ["never to be seen"] }, { signal: AbortSignal.timeout(200) }),
);
const left = desk.exec.stream(["sh", "-c", "echo $$; sleep 60"]);
for await (const item of left) if (item.type === "stdout") break;

// Streams of items and lines.
for await (const event of nexora.events.stream({ only: session })) {
  told.event = [event.type, event.session?.id !== undefined];
  break;
}
told.events = (await nexora.events({ only: session })).events.length > 0;
told.stopped = await codeOf(
  (async () => {
    for await (const _ of nexora.events.stream({}, { signal: AbortSignal.timeout(300) }));
  })(),
);
told.lines = false;
for await (const line of desk.session.logs({ tail: 3 })) told.lines = typeof line === "string";

// Archives, there and back.
const chunks = [];
await desk.exec(["mkdir -p /tmp/sdk; head -c 2000000 /dev/urandom > /tmp/sdk/data"]);
for await (const chunk of desk.files.get("/tmp/sdk")) chunks.push(chunk);
await desk.files.put("/tmp/there", Buffer.concat(chunks));
await desk.files.put("/tmp/here", streamed(chunks));
async function* streamed(parts) {
  yield* parts;
}
told.same = await desk
  .exec(["cmp /tmp/sdk/data /tmp/there/sdk/data && cmp /tmp/sdk/data /tmp/here/sdk/data"])
  .then(({ exitCode }) => exitCode);
told.notAFolder = await codeOf(desk.files.put("/etc/passwd", Buffer.concat(chunks)));

console.log(JSON.stringify(told));
