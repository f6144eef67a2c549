"""Runs in an xterm of a test: plays streams, and asks xterm what it shows after each.

usage: xterm-player.py FOLDER, with FOLDER/N.job (JSON: rows, columns, steps; a step is Latin-1 text
or [rows, columns]). Writes FOLDER/N.out, and goes on when FOLDER/N.go is there. The xterm's printer
must append to FOLDER/print.
"""

import fcntl, json, os, re, select, struct, sys, termios, time, tty

folder = sys.argv[1]
terminal = os.open("/dev/tty", os.O_RDWR)
tty.setraw(terminal)
received = b""
printed = 0


def put(data):
    while data:
        data = data[os.write(terminal, data[:4096]) :]


def until(what):
    """All that xterm has answered up to a match."""
    global received
    deadline = time.monotonic() + 60
    while not (match := re.search(what, received, re.S)):
        if time.monotonic() > deadline:
            raise TimeoutError(repr(received))
        if select.select([terminal], [], [], 1)[0]:
            received += os.read(terminal, 65536)
    answer, received = received[: match.end()], received[match.end() :]
    return answer


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError()
        time.sleep(0.001)
    return value


def size():
    return list(struct.unpack("HHHH", fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8)))[:2])


def resize(rows, columns):
    # Slow scrolling makes xterm do at once what it would put off to a moment of rest.
    put(b"\x1b[?4h\x1b[8;%d;%dt" % (rows, columns))
    wait_for(lambda: size() == [rows, columns])


def screen(rows):
    """xterm's rows by its print function, when it has printed them all."""
    global printed
    def whole():
        with open(f"{folder}/print", "rb") as file:
            file.seek(printed)
            text = file.read()
        return text if text.count(b"\n") >= rows else None
    text = wait_for(whole)
    printed += len(text)
    return text.decode().split("\n")[:rows]


open(f"{folder}/print", "w").close()
number = 0
while True:
    wait_for(lambda: os.path.exists(f"{folder}/{number}.job"))
    with open(f"{folder}/{number}.job") as file:
        job = json.load(file)
    if job is None:
        break
    put(b"\x18\x1bc\x1b[3J")
    if size() != [job["rows"], job["columns"]]:
        resize(job["rows"], job["columns"])
    for step in job["steps"]:
        if isinstance(step, list):
            resize(*step)
        else:
            put(step.encode("latin1"))
    # DECRQCRA as marks around DECCIR and DECRQSS, whose answers programs' own questions cannot fake.
    put(b"\x18\x1b[776;1;1;1;1;1*y\x1b[1$w\x1bP$qr\x1b\\\x1bP$qs\x1b\\\x1b[?19h\x1b[i\x1b[777;1;1;1;1;1*y")
    answer = until(rb"\x1bP777!~[0-9A-F]{4}\x1b\\").split(b"\x1bP776!~")[-1]
    result = {"answer": answer.decode("latin1"), "lines": screen(size()[0])}
    with open(f"{folder}/{number}.new", "w") as file:
        json.dump(result, file)
    os.rename(f"{folder}/{number}.new", f"{folder}/{number}.out")
    wait_for(lambda: os.path.exists(f"{folder}/{number}.go"))
    number += 1
