import { dlopen, FFIType } from "bun:ffi";

const { i32, u32, u64, ptr } = FFIType;
/** LC_CTYPE of setlocale(3). */
const characterTypes = 0;

/** What the runner needs of the C library and Bun does not offer. */
export const libc = dlopen("libc.so.6", {
  ioctl: { args: [i32, u64, ptr], returns: i32 },
  poll: { args: [ptr, u64, i32], returns: i32 },
  tcflow: { args: [i32, i32], returns: i32 },
  tcflush: { args: [i32, i32], returns: i32 },
  tcgetattr: { args: [i32, ptr], returns: i32 },
  tcsetattr: { args: [i32, i32, ptr], returns: i32 },
  cfmakeraw: { args: [ptr], returns: FFIType.void },
  wcwidth: { args: [u32], returns: i32 },
  setlocale: { args: [i32, ptr], returns: ptr },
}).symbols;

// wcwidth(3) knows only the characters of the locale, and a process begins in the C locale.
libc.setlocale(characterTypes, Buffer.from("C.UTF-8\0"));
