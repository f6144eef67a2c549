"""What a client must do, told as JSON: run in an environment where it is installed."""

import gc
import json
import sys
import tarfile
import threading
import warnings
from collections.abc import Callable, Iterable

import nexora
from nexora import NexoraError

session, url, token = sys.argv[1:]
client = nexora.connect()
desk = client.workstation(session)
told: dict[str, object] = {}


def code_of(call: Callable[[], object]) -> str:
    """The error that a call ends with, by its code."""
    try:
        call()
        return "none"
    except NexoraError as error:
        return error.code


def text_of(items: Iterable[nexora.ProcessOutput]) -> str:
    text = ""
    for item in items:
        if item["type"] == "stdout" or item["type"] == "stderr":
            text += item["bytes"].decode()
        elif item["type"] == "result":
            text += f"exit {item['signal'] if item['exitCode'] is None else item['exitCode']}"
    return text


# Errors.
told["badField"] = code_of(lambda: desk.exec(["true"], timeoutMs=-1))
told["noSession"] = code_of(lambda: client.session.show("no-such-session"))
try:
    client.session.show("no-such-session")
except NexoraError as error:
    told["hint"] = error.hint
    told["status"] = error.status
nowhere = nexora.connect(socket="/nowhere/nexora.sock")
with warnings.catch_warnings(record=True) as left_open:
    warnings.simplefilter("always")
    told["nobody"] = code_of(lambda: nowhere.session.ls())
    gc.collect()
told["leftOpen"] = [str(warning.message) for warning in left_open]
told["badUrl"] = code_of(lambda: nexora.connect(url="nowhere"))

# TCP with a token.
over_tcp = nexora.connect(url=url, token=token)
told["overTcp"] = over_tcp.session.show(session)["name"] == desk.session.show()["name"]
told["badToken"] = code_of(lambda: nexora.connect(url=url, token="wrong").session.ls())

# Nested fields in a query, lists in a body, a health reply.
part = desk.screen(region={"x": 0, "y": 0, "width": 40, "height": 20}, text=False)
image = part["image"]
told["region"] = [image and image["width"], image and image["height"], part["text"]]
told["healthy"] = client.health()["ok"]

# Pictures.
picture = desk.screen.picture(region={"x": 0, "y": 0, "width": 40, "height": 20})
told["png"] = [picture.type, (picture.bytes or b"")[1:4].decode()]
told["facts"] = [picture.facts["image"]["width"], "base64" in picture.facts["image"]]

# Programs.
with desk.exec.stream(["cat"], interactive=True) as cat:
    cat.write("one\n")
    cat.write(b"two\n")
    cat.end()
    told["cat"] = text_of(cat)
with desk.exec.stream(["wc", "-c"], interactive=True) as big:
    big.write(bytes(3_000_000))
    big.end()
    told["counted"] = text_of(big)
# Talks back and forth: the reply is read while the request is open.
with desk.exec.stream(["cat"], interactive=True) as echo:
    parts = iter(echo)
    next(parts)
    turns = []
    for line in ["a", "b"]:
        echo.write(line)
        item = next(parts)
        turns.append(item["bytes"].decode() if item["type"] == "stdout" else item["type"])
    told["turns"] = turns
    echo.signal("SIGTERM")
    last = next(parts)
    told["signalled"] = last["signal"] if last["type"] == "result" else None
# The terminal that shows on the desktop.
with desk.session.attach() as visible:
    visible.write("echo att''ached\n")
    shown = ""
    for item in visible:
        shown += item["bytes"].decode() if item["type"] == "stdout" else ""
        if "attached" in shown:
            break
told["attached"] = "attached" in shown
told["noInput"] = text_of(desk.exec.stream(["cat"]))
told["noFolder"] = code_of(lambda: text_of(desk.exec.stream(["true"], cwd="/no/such/folder")))

# Giving up.
told["timeout"] = code_of(lambda: desk.exec(["sleep", "60"], timeout=0.2))
sleeping = desk.exec.stream(["sleep", "60"])
next(iter(sleeping))
threading.Timer(1, sleeping.close).start()
told["closed"] = code_of(lambda: text_of(sleeping))

# Streams of items and lines.
events = client.events.stream(only=session)
event = next(events)
told["event"] = [event["type"], event["session"] is not None]
events.close()
told["events"] = len(client.events(only=session)["events"]) > 0
told["lines"] = len(list(desk.session.logs(tail=3))) > 0

# Archives, there and back.
desk.exec(["mkdir -p /tmp/py; head -c 2000000 /dev/urandom > /tmp/py/data"])
with desk.files.get("/tmp/py") as archive:
    whole = b"".join(archive)
with desk.files.get("/tmp/py") as archive:
    told["names"] = [member.name for member in tarfile.open(fileobj=archive, mode="r|")]
desk.files.put("/tmp/py-there", whole)
desk.files.put("/tmp/py-here", [whole[:70_000], whole[70_000:]])
same = "cmp /tmp/py/data /tmp/py-there/py/data && cmp /tmp/py/data /tmp/py-here/py/data"
told["same"] = desk.exec([same])["exitCode"]
told["notAFolder"] = code_of(lambda: desk.files.put("/etc/passwd", whole))

print(json.dumps(told))
