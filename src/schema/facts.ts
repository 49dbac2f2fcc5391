// What an event does, as far as fields, state and captures ask for it: facts that its declaration states once, and that
// nobody lists by the names of calls.

/** Kinds of file descriptors, libs' words (fd.type). */
export const FD_TYPES = [
  'file',
  'directory',
  'ipv4',
  'ipv6',
  'unix',
  'pipe',
  'event',
  'signalfd',
  'eventpoll',
  'inotify',
  'timerfd',
  'netlink',
  'bpf',
  'userfaultfd',
  'io_uring',
  'memfd',
  'pidfd',
  'socket',
  'other',
] as const
export type FdType = (typeof FD_TYPES)[number]

/** The bit of a flags parameter that has a descriptor closed on exec: the kernel's, and that of libs' portable flags. */
export interface CloexecBit {
  /** name of the parameter */
  readonly param: string
  readonly native: number
  readonly portable: number
}

/** A descriptor that a call makes. */
export interface NewFd {
  /** its kind: `file` stands for directories too, `socket` for all families, `copy` for the kind of the one that is copied */
  readonly type: FdType | 'copy'
  /** whether exec closes it: always, or where the bit is set; never when omitted */
  readonly cloexec?: true | CloexecBit
  /** name of the parameter that names it */
  readonly name?: string
  /** name of the parameter that may give one of that kind which is there already: the call then changes it, and makes none */
  readonly existing?: string
}

export interface EventFacts {
  /** the descriptor that a success makes: its result, or what the parameters with `makes` tell */
  readonly makes?: NewFd
  /** what becomes of a thread, in perf's words: it has made another, runs another program, has ended, has another name */
  readonly task?: 'fork' | 'exec' | 'exit' | 'comm'
  /**
   * whom it may make another than it was, or tell more about: what it runs, who and where it is, its limits. Its own process, and
   * the thread in its parameter `tid` where it has one; or anybody. Descriptors, memory and times do not count
   */
  readonly changes?: 'own' | 'all'
  /** what the kernel side then records anew: directory and root (ks_cwd), ids and capabilities (ks_creds) */
  readonly renews?: readonly ('cwd' | 'creds')[]
  /** where there are descriptors that the record does not tell of, which the kernel side then records (ks_fd) */
  readonly fdsIn?: 'result' | 'message' | 'messages' | 'ioctl' | 'clone' | 'seccomp' | 'uring'
  /** may give the thread a table of descriptors of its own */
  readonly unsharesFds?: true
  /** what a socket's call does to it: gives it another end, or tells how it is bound, connected or called */
  readonly socket?: 'connects' | 'tells'
  /** what the kernel has in the place of the call's number when it ends */
  readonly numberAtExit?: 'another' | 'none'
  /** brings data in, though its category is not io_read (libs' EF_READS_FROM_FD) */
  readonly reads?: true
  /**
   * Names of the parameters with the two descriptors of a call that reads from the one and writes to the other. The event's own is
   * the one that it writes to; the result is the number of bytes that it moved.
   */
  readonly transfer?: { readonly from: string; readonly to: string }
  /** opens a file: as its flags say, or as creat does, for writing and emptied or made */
  readonly opens?: 'byFlags' | 'creating'
  /** changes names, modes, owners or mounts: fs.path.* and evt.abspath tell of its paths, as they do of a file that is opened */
  readonly changesFiles?: true
  /** success may map code of a file: what it is called is told (ks_mmap) where stacks are recorded */
  readonly mapsCode?: true
  /** tells what of a capture is missing: a live capture shows it whatever its filter passes */
  readonly missing?: true
}
