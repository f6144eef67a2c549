import { dlopen, FFIType, ptr, read } from "bun:ffi";

/** Numbers that all 64-bit architectures share (asm-generic/unistd.h). */
const number = { open_tree: 428, move_mount: 429, mount_setattr: 442 } as const;

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const AT_RECURSIVE = 0x8000;
const OPEN_TREE_CLONE = 1;
const OPEN_TREE_CLOEXEC = 0x80000;
const MOVE_MOUNT_F_EMPTY_PATH = 4;
const MOUNT_ATTR_NOSUID = 0x2n;
const MOUNT_ATTR_NODEV = 0x4n;
const MOUNT_ATTR_IDMAP = 0x100000n;
const MNT_DETACH = 2;
const UMOUNT_NOFOLLOW = 8;

/** A system call that failed. */
export class SyscallError extends Error {
  constructor(
    readonly call: string,
    readonly errno: number,
  ) {
    super(`${call} failed with errno ${errno}`);
  }
}

/** The mount calls that Bun has no API for: open_tree(2), mount_setattr(2), move_mount(2), umount2(2). */
export interface MountCalls extends Disposable {
  /** A detached copy of the mount at an open folder, with those below it if asked; its descriptor. */
  cloneMount(folder: number, options: { recursive: boolean }): number;
  /** Ends set-id programs and devices on the copy; maps its ids through a user namespace, if given. */
  restrict(mount: number, userNamespace: number | null): void;
  attach(mount: number, path: string): void;
  unmount(path: string): void;
}

/** Loads the calls from the C library. */
export function openMountCalls(): MountCalls {
  const { i32, i64, pointer } = FFIType;
  const libc = dlopen("libc.so.6", {
    syscall: { args: [i64, i64, i64, i64, i64, i64], returns: i64 },
    umount2: { args: [pointer, i32], returns: i32 },
    __errno_location: { args: [], returns: pointer },
  });
  const { syscall, umount2, __errno_location } = libc.symbols;
  const checked = (call: string, result: number | bigint) => {
    if (Number(result) >= 0) return Number(result);
    const at = __errno_location();
    throw new SyscallError(call, at === null ? 0 : read.i32(at, 0));
  };
  const text = (value: string) => Buffer.from(`${value}\0`);
  const empty = text("");
  return {
    cloneMount(folder, { recursive }) {
      const below = recursive ? AT_RECURSIVE : 0;
      const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | below;
      return checked("open_tree", syscall(number.open_tree, folder, ptr(empty), flags, 0, 0));
    },
    restrict(mount, userNamespace) {
      const map = userNamespace === null ? 0n : MOUNT_ATTR_IDMAP;
      const set = map | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
      // struct mount_attr: attr_set, attr_clr, propagation, userns_fd
      const attributes = new BigUint64Array([set, 0n, 0n, BigInt(userNamespace ?? 0)]);
      const size = attributes.byteLength;
      // The mounts below are the host's as well.
      const flags = AT_EMPTY_PATH | (userNamespace === null ? AT_RECURSIVE : 0);
      checked(
        "mount_setattr",
        syscall(number.mount_setattr, mount, ptr(empty), flags, ptr(attributes), size),
      );
    },
    attach(mount, path) {
      const name = text(path);
      const flags = MOVE_MOUNT_F_EMPTY_PATH;
      checked(
        "move_mount",
        syscall(number.move_mount, mount, ptr(empty), AT_FDCWD, ptr(name), flags),
      );
    },
    unmount(path) {
      const name = text(path);
      checked("umount2", umount2(ptr(name), MNT_DETACH | UMOUNT_NOFOLLOW));
    },
    [Symbol.dispose]: () => libc.close(),
  };
}
