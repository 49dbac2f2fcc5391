// Calls that container runtimes make between loading a container's filter and starting its program. Recordings of a start have them,
// but not all in each run: the scheduler of runc's language, for example, polls and interrupts at random.

/** Runtimes by their program's name. */
const BY_RUNTIME: Readonly<Record<string, string>> = {
  // measured with 1.1, and the Security Profiles Operator's list for it (examples/baseprofile-runc.yaml)
  runc: 'brk capget capset chdir clock_gettime close epoll_ctl epoll_pwait execve exit_group faccessat2 fchown fcntl fstat fstatfs futex getdents64 getpid getppid getuid gettid madvise mmap mprotect munmap nanosleep newfstatat openat openat2 prctl read readlinkat rt_sigaction rt_sigprocmask rt_sigreturn sched_yield setgid setgroups setsid setuid sigaltstack statx tgkill write',
  // the Security Profiles Operator's list (examples/baseprofile-crun.yaml) without what crun does before it loads the filter
  crun: 'access arch_prctl brk capget capset chdir chmod chown close close_range dup2 execve exit_group fchdir fchown fcntl fstat fstatfs getcwd getegid geteuid getgid getpid getuid ioctl lseek mmap mprotect munmap nanosleep newfstatat openat openat2 prctl pselect6 read readlink rt_sigaction rt_sigprocmask set_tid_address setgroups setresgid setresuid setsid statfs statx umask write',
}

export const RUNTIMES = Object.keys(BY_RUNTIME)

/** As in runc:[2:INIT], and in memfd:crun_cloned if the runtime executes a copy of itself in memory. */
const NAMED = new RegExp(`(?:^|/|:)(${RUNTIMES.join('|')})(?:$|[_:])`)

/** The runtime that the name of a process or the path of its executable belongs to; undefined: none that is known. */
export function runtimeNamed(name: string): string | undefined {
  return NAMED.exec(name)?.[1]
}

/** The calls that a runtime needs, sorted; those of all known ones if it is undefined. */
export function runtimeCalls(runtime: string | undefined): readonly string[] {
  const lists = runtime === undefined ? Object.values(BY_RUNTIME) : [BY_RUNTIME[runtime] ?? '']
  return [...new Set(lists.flatMap((list) => list.split(' ')))].sort()
}
