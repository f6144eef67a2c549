"""Draws on the root window through libX11 and reads it back: the truth that tests compare with.

Arguments are commands: fill X Y W H RRGGBB | copy SX SY W H X Y | noise X Y W H SEED |
size | dump. `dump` writes R G B 255 for each pixel to standard output.
"""
import ctypes
import sys

x11 = ctypes.CDLL("libX11.so.6")


class XImage(ctypes.Structure):
    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    ]


pointer, ulong = ctypes.c_void_p, ctypes.c_ulong
x11.XOpenDisplay.restype = pointer
x11.XDefaultRootWindow.restype = ulong
x11.XDefaultRootWindow.argtypes = [pointer]
x11.XCreateGC.restype = pointer
x11.XCreateGC.argtypes = [pointer, ulong, ulong, pointer]
x11.XSetForeground.argtypes = [pointer, pointer, ulong]
x11.XSetSubwindowMode.argtypes = [pointer, pointer, ctypes.c_int]
x11.XFillRectangle.argtypes = [pointer, ulong, pointer] + [ctypes.c_int] * 4
x11.XCopyArea.argtypes = [pointer, ulong, ulong, pointer] + [ctypes.c_int] * 6
x11.XGetImage.restype = ctypes.POINTER(XImage)
x11.XGetImage.argtypes = [pointer, ulong] + [ctypes.c_int] * 4 + [ulong, ctypes.c_int]
x11.XDisplayWidth.argtypes = x11.XDisplayHeight.argtypes = [pointer, ctypes.c_int]
x11.XSync.argtypes = [pointer, ctypes.c_int]

display = x11.XOpenDisplay(b":1")
root = x11.XDefaultRootWindow(display)
gc = x11.XCreateGC(display, root, 0, None)
x11.XSetSubwindowMode(display, gc, 1)  # IncludeInferiors
words = sys.argv[1:]


def numbers(count):
    taken, words[:count] = [int(word) for word in words[:count]], []
    return taken


def fill(x, y, width, height, colour):
    x11.XSetForeground(display, gc, colour)
    x11.XFillRectangle(display, root, gc, x, y, width, height)


while words:
    command = words.pop(0)
    width, height = x11.XDisplayWidth(display, 0), x11.XDisplayHeight(display, 0)
    if command == "fill":
        fill(*numbers(4), int(words.pop(0), 16))
    elif command == "copy":
        sx, sy, w, h, x, y = numbers(6)
        x11.XCopyArea(display, root, root, gc, sx, sy, w, h, x, y)
    elif command == "noise":
        x0, y0, w, h, state = numbers(5)
        for y in range(y0, y0 + h):
            for x in range(x0, x0 + w):
                state = (state * 1103515245 + 12345) & 0x7FFFFFFF
                fill(x, y, 1, 1, state >> 7)
    elif command == "size":
        print(width, height)
    elif command == "dump":
        image = x11.XGetImage(display, root, 0, 0, width, height, ulong(-1).value, 2).contents
        data = bytearray(ctypes.string_at(image.data, image.bytes_per_line * height))
        data[0::4], data[2::4] = data[2::4], data[0::4]
        data[3::4] = b"\xff" * (width * height)
        sys.stdout.buffer.write(data)
    else:
        sys.exit("unknown command " + command)
    x11.XSync(display, 0)
