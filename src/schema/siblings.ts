// Families of system calls that do the same: which of them a program makes depends on its C library, that library's version and the
// kernel. A user who filters by one usually means all of them, and a profile that allows one may have to allow the others.

const lines = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(' '))

/** In each line, calls of which one can be made in place of another. */
const SAME = lines(`
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
send sendto
recv recvfrom
recvmmsg recvmmsg_time64
nanosleep clock_nanosleep clock_nanosleep_time64
gettimeofday clock_gettime clock_gettime64
time clock_gettime clock_gettime64
getrlimit setrlimit prlimit64 ugetrlimit
preadv preadv2
pwritev pwritev2
mmap mmap2
sendfile sendfile64
`)

/** Calls that users mean, too, although they cannot be made in place of each other. */
const SIMILAR = lines(`
execve execveat
unlink rmdir
chmod fchmod
chown fchown
sendmsg sendmmsg
recvmsg recvmmsg
umount umount2
read readv pread preadv pread64
write writev pwrite pwritev pwrite64
mmap old_mmap
lseek llseek
sigreturn rt_sigreturn
prlimit prlimit64
exit exit_group procexit
kill tkill tgkill
sigaction rt_sigaction signal
mount move_mount fsmount
truncate ftruncate
chdir fchdir
setuid setresuid setreuid
setgid setresgid setregid
`)

/** Other calls that C libraries make where one is missing, or together with it. */
const FALLBACKS = lines(`
futex futex_time64 futex_waitv futex_wait futex_wake futex_requeue
send sendto sendmsg
recv recvfrom recvmsg
sendmmsg sendmsg
recvmmsg recvmmsg_time64 recvmsg
arch_prctl set_thread_area
set_robust_list get_robust_list
tkill tgkill
close close_range
getrandom openat
copy_file_range sendfile
`)

/** Lines of calls that can be made in place of each other, or that C libraries make where another is missing. */
export const REPLACEMENTS: readonly (readonly string[])[] = [...SAME, ...FALLBACKS]

/** The other calls that a user who names a call may mean: its lines, and those of the calls in them. */
export function siblingsOf(name: string): readonly string[] {
  const found = new Set([name])
  // a set also passes the names that are added meanwhile
  for (const known of found)
    for (const family of [...SAME, ...SIMILAR]) if (family.includes(known)) for (const other of family) found.add(other)
  found.delete(name)
  return [...found]
}
