import { dlopen, FFIType, ptr, read } from "bun:ffi";

/** Numbers that all 64-bit architectures share (asm-generic/unistd.h). */
const number = { open_tree: 428, move_mount: 429, mount_setattr: 442 } as const;

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
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
  /** A detached copy of the mount at `path`; returns its descriptor. */
  cloneMount(path: string): number;
  /** Maps the copy's ids through a user namespace; set-id programs and devices do not work on it. */
  mapIds(mount: number, userNamespace: number): void;
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
    cloneMount(path) {
      const name = text(path);
      const flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
      return checked("open_tree", syscall(number.open_tree, AT_FDCWD, ptr(name), flags, 0, 0));
    },
    mapIds(mount, userNamespace) {
      // struct mount_attr: attr_set, attr_clr, propagation, userns_fd
      const set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
      const attributes = new BigUint64Array([set, 0n, 0n, BigInt(userNamespace)]);
      const size = attributes.byteLength;
      checked(
        "mount_setattr",
        syscall(number.mount_setattr, mount, ptr(empty), AT_EMPTY_PATH, ptr(attributes), size),
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
