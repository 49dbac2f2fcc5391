// What an event does, as far as fields, state and captures depend on it: stated once in its declaration, so that no other
// module lists calls by name.

/** Kinds of file descriptors, in libs' words (fd.type). */
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

/** The close-on-exec bit of a flags parameter: the kernel's, and that of libs' portable flags. */
export interface CloexecBit {
  /** name of the parameter */
  readonly param: string
  readonly native: () => number
  readonly portable: () => number
}

/** A descriptor that a call creates. */
export interface NewFd {
  /** its kind: `file` includes directories, `socket` all families, `copy` is the kind of the descriptor that is copied */
  readonly type: FdType | 'copy'
  /** whether exec closes it: always, or if the bit is set; never if omitted */
  readonly cloexec?: true | CloexecBit
  /** name of the parameter with its name */
  readonly name?: string
  /** name of the parameter with an existing descriptor of that kind: if given, the call changes that one and creates none */
  readonly existing?: string
}

export interface EventFacts {
  /** the descriptor that a success creates: its result, or the parameters with `makes` */
  readonly makes?: NewFd
  /** what happens to a thread, in perf's words: it created another, runs another program, has ended, was renamed */
  readonly task?: 'fork' | 'exec' | 'exit' | 'comm'
  /**
   * which threads it may change or describe further: their program, identity, place, limits. 'own': its own process, and the
   * thread in its parameter `tid` if it has one; 'all': any. Changes to descriptors, memory and times do not count
   */
  readonly changes?: 'own' | 'all'
  /** what the kernel side then records again: directory and root (ks_cwd), ids and capabilities (ks_creds) */
  readonly renews?: readonly ('cwd' | 'creds')[]
  /** where the call receives descriptors that its record does not contain, which the kernel side then records (ks_fd) */
  readonly fdsIn?: 'result' | 'message' | 'messages' | 'ioctl' | 'clone' | 'seccomp' | 'uring'
  /** may give the thread a descriptor table of its own */
  readonly unsharesFds?: true
  /** what a socket's call does to it: connects it to another end, or records how it is bound, connected or named */
  readonly socket?: 'connects' | 'describes'
  /** what the kernel has instead of the call's number when the call ends */
  readonly numberAtExit?: 'another' | 'none'
  /** reads data, though its category is not io_read (libs' EF_READS_FROM_FD) */
  readonly reads?: true
  /**
   * Names of the parameters with the two descriptors of a call that reads from one and writes to the other. The event's own is
   * the one that it writes to; the result is the number of bytes transferred.
   */
  readonly transfer?: { readonly from: string; readonly to: string }
  /** opens a file: according to its flags, or as creat does, for writing, truncated or created */
  readonly opens?: 'byFlags' | 'creating'
  /** changes names, modes, owners or mounts: fs.path.* and evt.abspath include its paths, as they do those of opened files */
  readonly changesFiles?: true
  /** success may map code of a file: the mapping is recorded (ks_mmap) if stacks are recorded */
  readonly mapsCode?: true
  /** reports what is missing in a capture: a live capture shows it independent of the filter */
  readonly missing?: true
}
