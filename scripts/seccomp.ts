/**
 * Writes docker/workstation/seccomp.json: what system calls a workstation may make.
 *
 * An allow-list as container engines have it, with three differences:
 * - user, PID and network namespaces, and chroot inside them, because Chromium's own sandbox is
 *   made of them; in exchange, only the socket families that ordinary programs use, since a new
 *   network namespace would open the kernel's less tested ones (packet, netfilter, …);
 * - no file may get a set-user-ID or set-group-ID bit, nor a file capability (an extended
 *   attribute, which a process may set in a user namespace of its own): the workspace is a folder
 *   of the host;
 * - `personality(ADDR_NO_RANDOMIZE)`, which debuggers use.
 */
import { join } from "node:path";

const calls = {
  files: `access chdir chown chown32 close close_range copy_file_range dup dup2 dup3 faccessat
    faccessat2 fadvise64 fadvise64_64 fallocate fchdir fchown fchown32 fchownat fcntl fcntl64
    fdatasync flock fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64
    futimesat getcwd getdents getdents64 ioctl lchown lchown32 link linkat listmount _llseek lseek
    lstat lstat64 mkdir mkdirat name_to_handle_at newfstatat pipe pipe2 pread64 preadv preadv2
    pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv rename renameat renameat2
    rmdir sendfile sendfile64 splice stat stat64 statfs statfs64 statmount statx symlink symlinkat
    sync sync_file_range syncfs tee truncate truncate64 umask unlink unlinkat utime utimensat
    utimensat_time64 utimes vmsplice write writev`,
  attributes: `fgetxattr flistxattr fremovexattr getxattr getxattrat lgetxattr listxattr
    listxattrat llistxattr lremovexattr removexattr removexattrat`,
  watching: `epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
    epoll_wait_old eventfd eventfd2 fanotify_mark inotify_add_watch inotify_init inotify_init1
    inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup
    io_submit _newselect poll ppoll ppoll_time64 pselect6 pselect6_time64 select`,
  memory: `brk cachestat madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock
    mlock2 mlockall mmap mmap2 mprotect mremap mseal msync munlock munlockall munmap pkey_alloc
    pkey_free pkey_mprotect process_mrelease process_vm_readv process_vm_writev remap_file_pages`,
  processes: `arch_prctl capget capset chroot execve execveat exit exit_group fork get_robust_list
    get_thread_area getcpu getpgid getpgrp getpid getppid getpriority getrlimit getrusage getsid
    gettid ioprio_get ioprio_set landlock_add_rule landlock_create_ruleset landlock_restrict_self
    modify_ldt pidfd_open pidfd_send_signal prctl prlimit64 ptrace rseq seccomp set_robust_list
    set_thread_area set_tid_address setpgid setpriority setrlimit setsid ugetrlimit uretprobe vfork
    wait4 waitid waitpid`,
  scheduling: `sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
    sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64
    sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield`,
  identity: `getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid
    getresgid32 getresuid getresuid32 getuid getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid
    setgid32 setgroups setgroups32 setregid setregid32 setresgid setresgid32 setresuid setresuid32
    setreuid setreuid32 setuid setuid32`,
  signals: `alarm kill pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask
    rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64
    rt_tgsigqueueinfo sigaltstack signalfd signalfd4 sigprocmask sigreturn tgkill tkill`,
  time: `adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime
    clock_gettime64 clock_nanosleep clock_nanosleep_time64 getitimer gettimeofday nanosleep
    setitimer time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64
    timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime
    timerfd_settime64 times`,
  network: `accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom
    recvmmsg recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socketpair`,
  messages: `futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake ipc mq_getsetattr
    mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64
    mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat
    shmctl shmdt shmget`,
  system: "getrandom sysinfo uname",
};

interface Condition {
  index: number;
  op: "SCMP_CMP_EQ" | "SCMP_CMP_MASKED_EQ";
  value: number;
  valueTwo?: number;
}

const equals = (index: number, value: number): Condition => ({ index, op: "SCMP_CMP_EQ", value });

/** Holds when none of the bits is set in the argument. */
const without = (index: number, bits: number): Condition => ({
  index,
  op: "SCMP_CMP_MASKED_EQ",
  value: bits,
  valueTwo: 0,
});

const allow = (names: string[], ...args: Condition[]) => ({
  names,
  action: "SCMP_ACT_ALLOW",
  ...(args.length === 0 ? {} : { args }),
});

/** Refuses as a kernel that lacks the call does, so that callers fall back to an older one. */
const absent = (names: string[]) => ({ names, action: "SCMP_ACT_ERRNO", errnoRet: 38 });

/** Refuses as a file system without extended attributes does. */
const unsupported = (names: string[]) => ({ names, action: "SCMP_ACT_ERRNO", errnoRet: 95 });

const setIdBits = 0o6000;
/** O_CREAT and O_TMPFILE's own bit: without them the mode of an open is ignored (open(2)). */
const creating = 0o100 | 0o20000000;
/** CLONE_NEWNS, _NEWCGROUP, _NEWUTS, _NEWIPC: what Chromium's sandbox does not need. */
const otherNamespaces = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000;
const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
/** NETLINK_ROUTE, _SOCK_DIAG, _AUDIT, _KOBJECT_UEVENT, _GENERIC. */
const netlinkProtocols = [0, 4, 9, 15, 16];
/** PER_LINUX, PER_LINUX32, UNAME26, both, ADDR_NO_RANDOMIZE, and the question for the present one. */
const personalities = [0, 0x8, 0x20000, 0x20008, 0x40000, 0xffffffff];

/** The profile, as Docker's `seccomp=` security option takes it. */
export function seccompProfile() {
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    archMap: [
      // Not x32, which no distribution has: each one makes the filter, and so the start, 6 ms longer.
      { architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86"] },
      { architecture: "SCMP_ARCH_AARCH64", subArchitectures: ["SCMP_ARCH_ARM"] },
    ],
    syscalls: [
      allow(Object.values(calls).flatMap((group) => group.split(/\s+/))),
      allow(["chmod", "fchmod", "creat", "mknod"], without(1, setIdBits)),
      allow(["fchmodat", "fchmodat2", "mknodat"], without(2, setIdBits)),
      allow(["open"], without(1, creating)),
      allow(["open"], without(2, setIdBits)),
      allow(["openat"], without(2, creating)),
      allow(["openat"], without(3, setIdBits)),
      absent(["openat2", "clone3"]),
      unsupported(["setxattr", "lsetxattr", "fsetxattr", "setxattrat"]),
      allow(["clone", "unshare"], without(0, otherNamespaces)),
      ...[family.unix, family.inet, family.inet6].map((it) => allow(["socket"], equals(0, it))),
      ...netlinkProtocols.map((it) => allow(["socket"], equals(0, family.netlink), equals(2, it))),
      ...personalities.map((it) => allow(["personality"], equals(0, it))),
    ],
  };
}

if (import.meta.main) {
  const path = join(import.meta.dir, "../docker/workstation/seccomp.json");
  await Bun.write(path, `${JSON.stringify(seccompProfile(), null, 2)}\n`);
}
