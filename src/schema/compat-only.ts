// Calls that 32-bit programs (i386, ARM) have and 64-bit programs of no architecture have. Their numbers follow the kernel's.
import { ABI } from './abi.js'
import { ARM_CALLS } from './arm-numbers.js'
import type { SyscallRow } from './syscall-row.js'

/** The first number of calls that only 32-bit programs have. */
const FIRST = ABI.KSYS_NATIVE_NR
/** Instead of an i386 number: i386 has it as a function of socketcall; or only ARM has the call. */
const IN_SOCKETCALL = -1
const ARM_ALONE = -2

/** Name, i386 number, arguments. The position in the list determines the recorded number: append new calls. */
const ONLY: readonly (readonly [name: string, i386: number, args: string])[] = [
  ['waitpid', 7, 'pid_t pid, int *stat_addr, int options'],
  ['break', 17, ''],
  ['oldstat', 18, 'const char *filename, struct __old_kernel_stat *statbuf'],
  ['umount', 22, 'char *name'],
  ['stime', 25, 'time_t *tptr'],
  ['oldfstat', 28, 'unsigned int fd, struct __old_kernel_stat *statbuf'],
  ['stty', 31, ''],
  ['gtty', 32, ''],
  ['nice', 34, 'int increment'],
  ['ftime', 35, ''],
  ['prof', 44, ''],
  ['signal', 48, 'int sig, __sighandler_t handler'],
  ['lock', 53, ''],
  ['mpx', 56, ''],
  ['ulimit', 58, ''],
  ['oldolduname', 59, 'struct oldold_utsname *name'],
  ['sigaction', 67, 'int sig, const struct old_sigaction *act, struct old_sigaction *oact'],
  ['sgetmask', 68, ''],
  ['ssetmask', 69, 'int newmask'],
  ['sigsuspend', 72, 'int unused1, int unused2, old_sigset_t mask'],
  ['sigpending', 73, 'old_sigset_t *uset'],
  ['oldlstat', 84, 'const char *filename, struct __old_kernel_stat *statbuf'],
  ['readdir', 89, 'unsigned int fd, struct old_linux_dirent *dirent, unsigned int count'],
  ['old_mmap', 90, 'struct mmap_arg_struct *arg'],
  ['profil', 98, ''],
  ['socketcall', 102, 'int call, unsigned long *args'],
  ['olduname', 109, 'struct old_utsname *name'],
  ['idle', 112, ''],
  ['vm86old', 113, 'struct vm86_struct *user_vm86'],
  ['ipc', 117, 'unsigned int call, int first, unsigned long second, unsigned long third, void *ptr, long fifth'],
  ['sigreturn', 119, ''],
  ['sigprocmask', 126, 'int how, old_sigset_t *nset, old_sigset_t *oset'],
  ['bdflush', 134, 'int func, long data'],
  [
    '_llseek',
    140,
    'unsigned int fd, unsigned long offset_high, unsigned long offset_low, loff_t *result, unsigned int whence',
  ],
  ['vm86', 166, 'unsigned long cmd, unsigned long arg'],
  [
    'mmap2',
    192,
    'unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags, unsigned long fd, unsigned long pgoff',
  ],
  ['stat64', 195, 'const char *filename, struct stat64 *statbuf'],
  ['lstat64', 196, 'const char *filename, struct stat64 *statbuf'],
  ['fstat64', 197, 'unsigned long fd, struct stat64 *statbuf'],
  ['send', IN_SOCKETCALL, 'int fd, void *buff, size_t len, unsigned int flags'],
  ['recv', IN_SOCKETCALL, 'int fd, void *ubuf, size_t size, unsigned int flags'],
  ['arm_fadvise64_64', ARM_ALONE, 'int fd, int advice, loff_t offset, loff_t len'],
  ['arm_sync_file_range', ARM_ALONE, 'int fd, unsigned int flags, loff_t offset, loff_t nbytes'],
  ['pciconfig_iobase', ARM_ALONE, 'long which, unsigned long bus, unsigned long devfn'],
  [
    'pciconfig_read',
    ARM_ALONE,
    'unsigned long bus, unsigned long dfn, unsigned long off, unsigned long len, void *buf',
  ],
  [
    'pciconfig_write',
    ARM_ALONE,
    'unsigned long bus, unsigned long dfn, unsigned long off, unsigned long len, void *buf',
  ],
  ['breakpoint', ARM_ALONE, ''],
  ['cacheflush', ARM_ALONE, 'unsigned long start, unsigned long end, int flags'],
  ['usr26', ARM_ALONE, ''],
  ['usr32', ARM_ALONE, ''],
  ['set_tls', ARM_ALONE, 'unsigned long value'],
  ['get_tls', ARM_ALONE, ''],
]

/** The calls that only 32-bit programs have, as rows of SYSCALLS; -1 if the 32-bit programs of a machine lack the call. */
export const COMPAT_CALLS: readonly SyscallRow[] = ONLY.map(([name, i386, args], i) => [
  name,
  i386 === ARM_ALONE ? -1 : FIRST + i,
  ARM_CALLS.has(name) ? FIRST + i : -1,
  args,
])

/** Their recorded numbers by i386's. */
export const I386_ONLY: ReadonlyMap<number, number> = new Map(ONLY.map(([, nr], i) => [nr, FIRST + i]))
