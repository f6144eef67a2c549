"""A program is sent more than its daemon takes at once: the time for its reply is none for that."""

import socket
import tempfile
import threading

import nexora

SIZE = 4_000_000
HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
STARTED = b"\x06\0\0\0\x0a" + b'{"pid": 1}'

folder = tempfile.TemporaryDirectory()
path = folder.name + "/daemon"
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()

client = nexora.connect(socket=path, timeout=0.5)
program = client.exec.stream("dev", ["cat"], interactive=True)
daemon, _ = listener.accept()


def write() -> None:
    program.write(bytes(SIZE))
    program.end()


writer = threading.Thread(target=write)
writer.start()
# So much is there only while it is writing: what the connection holds is less than all.
come = b""
while len(come) < 10_000:
    come += daemon.recv(10_000)
daemon.sendall(HEAD + b"%x\r\n%b\r\n" % (len(STARTED), STARTED))
assert next(iter(program)) == {"type": "started", "pid": 1}
# Nobody takes more until the reply's time is over.
writer.join(1)
assert writer.is_alive(), "it has given up"
while not come.endswith(b"0\r\n\r\n"):
    part = daemon.recv(1_000_000)
    assert part, "the connection is closed"
    come += part
writer.join()
program.close()
assert len(come) > SIZE
print("all has come")
