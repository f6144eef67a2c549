"""What schemathesis is told about this API that no document can say: it must not wait for long."""

import schemathesis

# Waits and commands end after this many milliseconds, whatever was made up for them.
SOON = 200
# A text that is valid is typed no longer than this.
SHORT = 1000


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def hurry(fields):
    """Shortens every duration in a body; what is invalid stays invalid."""
    for name, value in list(fields.items()):
        if isinstance(value, dict):
            hurry(value)
        elif name.endswith("Ms") and is_number(value) and value > SOON:
            fields[name] = SOON


def follows(value):
    """Whether a query's value says so; of several the last counts."""
    if isinstance(value, list):
        return follows(value[-1]) if value else False
    return value is not None and str(value).lower() == "true"


ACTING = ("type", "key", "click", "move", "drag", "scroll", "open", "batch")


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw.get("operationId")
    # A stream that goes on for ever is never read to its end.
    if isinstance(case.query, dict) and follows(case.query.get("follow")):
        case.query["follow"] = "false"
    # Nor is the end of a recording waited for.
    if operation == "recording.show" and isinstance(case.query, dict):
        if follows(case.query.get("wait")):
            case.query["wait"] = "false"
    if operation == "session.new" and (case.body is None or "NotSet" in type(case.body).__name__):
        case.body = {}
    body = case.body
    if not isinstance(body, dict):
        return
    if operation == "session.new" and isinstance(body.get("image", ""), str):
        # All is checked, and nothing is started.
        body["image"] = "no-such-image:here"
    acts = operation in ACTING or operation.startswith("window.")
    if acts or operation in ("exec", "wait", "record"):
        hurry(body)
    if operation == "record":
        body.setdefault("forMs", SOON)
    if operation in ("exec", "wait"):
        body.setdefault("timeoutMs", SOON)
    if acts and isinstance(body.get("wait"), dict):
        body["wait"].setdefault("timeoutMs", SOON)
    if operation == "key" and is_number(body.get("repeat")) and body["repeat"] > 3:
        body["repeat"] = 3
    text = body.get("text")
    if operation == "type" and isinstance(text, str) and SHORT < len(text) <= 1_000_000:
        body["text"] = text[:SHORT]


@schemathesis.serializer("application/x-tar")
def tar(context, value):
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@schemathesis.serializer("application/vnd.nexora.frames")
def frames(context, value):
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")
