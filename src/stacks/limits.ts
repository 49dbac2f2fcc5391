// What symbol tables may cost. The files belong to those who are traced, so each read, count and time is limited here. Honest files stay
// far below: Node's own binary has 130,000 functions, a browser's with all of its symbols about a million.

/** One object file. */
export const OBJECT = {
  /** bytes of a symbol table that are looked through: 4 million entries of 24 bytes, of which a third are functions in large programs */
  tableBytes: 96 << 20,
  /** functions that are kept; each takes 16 bytes */
  functions: 1_250_000,
  /** bytes of the string tables, which are kept as they are: 50 bytes for each of the functions */
  stringBytes: 64 << 20,
  /** section or program headers; large programs have 50 */
  headers: 4096,
  /** bytes of memory that a file takes whatever is in it */
  ownBytes: 1024,
} as const

/** The perf map of one process. A Java program with 10 MB of it has 150,000 lines. */
export const PERF_MAP = {
  /** bytes that are read at one look; the rest follows with the next looks */
  lookBytes: 16 << 20,
  /** bytes of the file that are read in all, lines that are kept of them, and bytes of their names */
  bytes: 64 << 20,
  lines: 500_000,
  nameBytes: 20 << 20,
} as const

/** Bytes of /proc/PID/mountinfo: a host of many containers has 4,000 mounts, those of overlays with 1 KiB of options. */
export const MOUNTS = { bytes: 8 << 20 } as const

/** Code that is mapped from files. A browser has 300 such mappings. */
export const MAPPINGS = {
  /** bytes of /proc/PID/maps: 65,530 lines (vm.max_map_count), those of libraries with about 100 bytes */
  procBytes: 8 << 20,
  /** of one process; the last 256 stay and, of those that events told, the first 256 */
  ofProcess: 1024,
  /** bytes of memory for all processes that events told of, where a child counts what it has of its parent once more */
  bytes: 32 << 20,
  /** of all processes whose /proc/PID/maps was read */
  read: 1 << 15,
} as const

/** Bytes kept of all files together; beyond, what was read first is read again when it is needed. */
export const KEPT = {
  objects: 80 << 20,
  perfMaps: 40 << 20,
} as const

/** ms */
export const TIME = {
  /** for one file: a million symbols take half a second of CPU time, and more where others want the CPU or the disk is slow */
  file: 8_000,
  /** between two looks at what may have changed or may be there later; and so many times what the last look took */
  again: 1_000,
  againTimes: 20,
} as const

/** ms of CPU time that reading files for the processes of one user may take: at once, and of each second. */
export const READING = {
  root: { most: 10_000, perSecond: 200 },
  user: { most: 3_000, perSecond: 50 },
  /** of all users but root together, who may own files of many users in a user namespace */
  users: { most: 6_000, perSecond: 100 },
} as const

/** How long the capture waits for names (ms). */
export const WAITING = {
  /** while a file is being read: at once, and of each second */
  reading: { most: 8_000, perSecond: 100 },
  /** for one batch, whatever the reason */
  batch: 4_000,
  /** for all batches after the capture was stopped */
  stopped: 1_500,
  /** for the thread to start, once; it waits for a CPU only */
  start: 10_000,
} as const

/** The thread that reads. */
export const THREAD = {
  /** ms after which one file is given up, and the thread with it: its file system does not answer */
  stuck: 10_000,
  /** threads that were given up and have not ended; with so many there are no more names */
  lost: 4,
  /** threads that are begun in place of others, at once and in a second */
  replacements: { most: 8, perSecond: 0.05 },
  /** ms that its end is waited for */
  end: 500,
  /** batches that wait for the thread; stacks of more get no names */
  waiting: 8,
  /** MiB of JavaScript objects; tables are outside of them */
  heap: 96,
} as const

/** Longest name of a function; those of C++ templates have no end. */
export const LONGEST_NAME = 256

/**
 * Different texts of stacks whose number is known: bytes, and those that one takes beside its characters. A stack has a hundred functions
 * at most. State keeps twice as much (state/stacks.ts), so that rows name none that it has forgotten.
 */
export const TEXTS = { bytes: 24 << 20, own: 100 } as const
