// Families of calls that do the same: which of them a program makes depends on its C library, that library's version and the kernel.
// When a newer one fails with ENOSYS, C libraries make an older one.

/** Each line is a family, without calls that do more than the others (clone3 can do all that clone can). */
const FAMILIES: readonly (readonly string[])[] = `
stat newfstatat statx fstatat64 stat64
lstat newfstatat statx fstatat64 lstat64
fstat newfstatat statx fstat64
statfs statfs64
fstatfs fstatfs64
open openat openat2
creat open openat
access faccessat faccessat2
chmod fchmodat fchmodat2
chown fchownat
lchown fchownat
mkdir mkdirat
mknod mknodat
rmdir unlinkat
unlink unlinkat
link linkat
symlink symlinkat
readlink readlinkat
rename renameat renameat2
utime utimes futimesat utimensat utimensat_time64
getdents getdents64
clone clone3
fork clone clone3
vfork clone clone3
wait4 waitid waitpid
pipe pipe2
dup dup2 dup3
poll ppoll ppoll_time64
select pselect6 pselect6_time64 _newselect
epoll_create epoll_create1
epoll_wait epoll_pwait epoll_pwait2
eventfd eventfd2
signalfd signalfd4
inotify_init inotify_init1
accept accept4
futex futex_time64 futex_waitv futex_wait futex_wake futex_requeue
nanosleep clock_nanosleep clock_nanosleep_time64
gettimeofday clock_gettime clock_gettime64
time clock_gettime clock_gettime64
getrlimit setrlimit prlimit64 ugetrlimit
preadv preadv2
pwritev pwritev2
send sendto sendmsg
recv recvfrom recvmsg
sendmmsg sendmsg
recvmmsg recvmmsg_time64 recvmsg
arch_prctl set_thread_area
set_robust_list get_robust_list
tkill tgkill
close close_range
mmap mmap2
getrandom openat
sendfile sendfile64
copy_file_range sendfile
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '))

/** Calls that every new version of a C library makes when a program or thread starts. */
const AT_START: readonly string[] = ['rseq', 'set_robust_list', 'set_tid_address', 'rt_sigreturn', 'restart_syscall']

/** The other calls of the families of these calls, and those of any start; sorted, without the calls themselves. */
export function relatedTo(names: Iterable<string>): string[] {
  const given = new Set(names)
  const related = new Set(AT_START)
  for (const family of FAMILIES)
    if (family.some((name) => given.has(name))) for (const name of family) related.add(name)
  return [...related].filter((name) => !given.has(name)).sort()
}

/** Whether two calls do the same. */
export function areRelated(a: string, b: string): boolean {
  return a !== b && FAMILIES.some((family) => family.includes(a) && family.includes(b))
}
