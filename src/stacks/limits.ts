// Limits of the cost of symbol tables. The files belong to the traced users, so each read, count and time is limited here. Normal files are
// far below: Node's own binary has 130,000 functions, a browser's with all of its symbols about a million.

/** One object file. */
export const OBJECT = {
  /** bytes of a symbol table that are read: 4 million entries of 24 bytes, of which a third are functions in large programs */
  tableBytes: 96 << 20,
  /** functions that are stored; each takes 16 bytes */
  functions: 1_250_000,
  /** bytes of the string tables, which are stored unchanged: 50 bytes for each of the functions */
  stringBytes: 64 << 20,
  /** section or program headers; large programs have 50 */
  headers: 4096,
  /** bytes of memory that any file takes in the cache */
  ownBytes: 1024,
} as const

/** The perf map of one process. A Java program with 10 MB of it has 150,000 lines. */
export const PERF_MAP = {
  /** bytes read at one time; the rest is read later */
  lookBytes: 16 << 20,
  /** limits of the file: bytes read in total, lines stored, and bytes of their names */
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
  /** mappings of one process; beyond, the last 256 are retained and, of those from events, the first 256 */
  ofProcess: 1024,
  /** bytes of memory for all processes known from events; mappings shared by a parent and a child count for each */
  bytes: 32 << 20,
  /** total of mappings for processes whose /proc/PID/maps was read */
  read: 1 << 15,
} as const

/** Cached bytes of all files together; beyond, the oldest are dropped, and read again when needed. */
export const KEPT = {
  objects: 80 << 20,
  perfMaps: 40 << 20,
} as const

/** ms */
export const TIME = {
  /** for one file: a million symbols take half a second of CPU time, and more if the CPU is busy or the disk is slow */
  file: 8_000,
  /** between two checks for changes or for missing files; also at least this multiple of the duration of the last check */
  again: 1_000,
  againTimes: 20,
} as const

/** ms of CPU time for reading files for the processes of one user: initially, and per second */
export const READING = {
  root: { most: 10_000, perSecond: 200 },
  user: { most: 3_000, perSecond: 50 },
  /** for all users but root together, because in a user namespace one user may own files of many */
  users: { most: 6_000, perSecond: 100 },
} as const

/** ms for which the capture waits for names */
export const WAITING = {
  /** while a file is being read: initially, and per second */
  reading: { most: 8_000, perSecond: 100 },
  /** for one batch, whatever the reason */
  batch: 4_000,
  /** for all batches after the capture was stopped */
  stopped: 1_500,
  /** for the thread to start, once; this depends on the CPU only */
  start: 10_000,
} as const

/** The symbol thread. */
export const THREAD = {
  /** ms after which a file, and the thread with it, is abandoned: its file system does not respond */
  stuck: 10_000,
  /** limit of abandoned threads that have not ended; beyond it names are no longer resolved */
  lost: 4,
  /** replacements of threads: initially, and per second */
  replacements: { most: 8, perSecond: 0.05 },
  /** ms to wait for its end */
  end: 500,
  /** batches queued for the thread; stacks of further batches get no names */
  waiting: 8,
  /** MiB of JavaScript objects; tables are not included */
  heap: 96,
} as const

/** Longest name of a function; names of C++ templates are unlimited. */
export const LONGEST_NAME = 256

/**
 * Cache of stack texts with their numbers: total bytes, and overhead per text beside its characters. A stack has at most a hundred
 * functions. The state retains twice as much (state/stacks.ts), so that rows never refer to a stack that it has dropped.
 */
export const TEXTS = { bytes: 24 << 20, own: 100 } as const
