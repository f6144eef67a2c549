"""Records what a program writes, for tests/fixtures/terminal-recordings.json.gz.

usage, in an xterm whose answers programs shall get: record-terminal.py OUT NAME COMMAND [KEYS…]
KEYS are typed one after the other, each when the program has been quiet; \\x1b and the like are
understood. OUT gets JSON: name, rows, columns, and in chunks (Latin-1) what came after each.
The recordings are of Debian 13: tmux 3.5a, screen, vim, htop, mc, less, nano, emacs-nox, lazygit and
vttest, in xterm 398 with 100x30 (vttest 80x24) cells.
"""

import fcntl, json, os, pty, select, struct, sys, termios, time, tty

out, name, command, *keys = sys.argv[1:]
quiet = 0.8
outside = os.open("/dev/tty", os.O_RDWR)
tty.setraw(outside)
window = fcntl.ioctl(outside, termios.TIOCGWINSZ, bytes(8))
rows, columns = struct.unpack("HHHH", window)[:2]
pid, inside = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "-c", command])
fcntl.ioctl(inside, termios.TIOCSWINSZ, window)
chunks = [b""]
last = time.monotonic()
while True:
    ready = select.select([inside, outside], [], [], 0.02)[0]
    if outside in ready:
        os.write(inside, os.read(outside, 65536))
    if inside in ready:
        try:
            written = os.read(inside, 65536)
        except OSError:
            break
        chunks[-1] += written
        os.write(outside, written)
        last = time.monotonic()
    elif time.monotonic() - last > quiet:
        if not keys:
            break
        chunks.append(b"")
        os.write(inside, keys.pop(0).encode().decode("unicode_escape").encode("latin1"))
        last = time.monotonic()
os.kill(pid, 9)
with open(out, "w") as file:
    texts = [chunk.decode("latin1") for chunk in chunks]
    json.dump({"name": name, "rows": rows, "columns": columns, "chunks": texts}, file)
