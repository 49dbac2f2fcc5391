// The capture side of the native addon, typed: loads programs, fills batches, reads iterators, starts commands.
import type { BootNs } from '../model/time.js'
import { loadAddon, whyNotLoaded } from './addon-file.js'
import { LiveError } from './live-error.js'

/** A running capture. The start is given in ns of CLOCK_BOOTTIME and as wall clock of the same time. */
export interface NativeCapture {
  readonly startBoot: BootNs
  readonly startSec: number
  readonly startNsec: number
  /** processors that are possible, and of these the ones that the machine has, online or not */
  readonly cpus: number
  readonly presentCpus: number
  /** bytes of one CPU's ring buffer */
  readonly ringSize: number
  /** Fills a batch's buffer (model/batch.ts); resolves with the number of rows, -1 at the end. Several calls may be pending. */
  nextBatch(buffer: ArrayBuffer, rows: number, arenaBytes: number): Promise<number>
  /** Reads records of what exists now (struct ksys_task, ksys_file or ksys_procinfo of native/abi.h); empty if the kernel has no such iterator. */
  iterate(program: 'iter_task' | 'iter_file' | 'iter_procinfo'): ArrayBuffer
  /** Sets marks of a cgroup (its key): bits of slots for which no call of its threads is recorded, and CGROUP_CONTAINER; false: its place in the table is taken. */
  markCgroup(cgroup: number, marks: number): boolean
  /** Requests to judge threads since the last call: pairs of a thread and the ns since startBoot. */
  requests(): Float64Array
  /** Answers a request: bits of slots that no call of the thread can match. */
  judge(tid: number, time: number, slots: number): void
  /** Sets how much of what threads of that cgroup do is throttled (THROTTLE); false: it has no entry. */
  throttle(cgroup: number, how: number): boolean
  /** Average ns between two events of a cgroup that the filter passes, and between two others; 0: no limit, 0xffffffff: none pass. */
  limitCgroups(shown: number, others: number): void
  /** Frees the entry of a cgroup that makes no more calls. */
  forgetCgroup(cgroup: number): void
  /**
   * For a plan with ceilings: runs of the programs; timed runs and their ns; 1 if records that keep threads and descriptors correct were
   * throttled since the last call. Then for each cgroup its id (-1: all without an entry) and four counts: recorded and throttled events
   * that the filter passes, and recorded and throttled others.
   */
  ceilings(): Float64Array
  /** Records an event for each call in progress, as the plan specifies. */
  tellCalls(): void
  /** lost: by kind, in the order of LOSSES */
  stats(): { events: number; lost: number[]; late: number }
  /** Stops recording; events recorded before are still delivered. */
  detach(): void
  close(): void
}

/** The error of a capture that could not start: the failed step, errno, and the messages of libbpf and the kernel. */
export interface NativeFailure extends Error {
  readonly step: string
  readonly errno: number
  readonly log: string
  /** name of the feature (features.ts) whose program was rejected; absent if the failure concerns no single feature */
  readonly feature?: string
}

/** A child process that waits before its exec. */
interface NativeStopped {
  readonly pid: number
  /** Lets it continue: 0, or the errno of its exec. */
  resume(): number
}

/** A process that works in a folder with a user's rights. Results are 0, a descriptor or a process id; or a negative errno. */
export interface NativeFolder {
  /** errno of switching to that user; if it is not 0, call nothing else */
  readonly error: number
  /** Creates a new file, open for writing, and locked unless another process locked it first (newFileIn waits for that). */
  create(name: Buffer, mode: number): Promise<number>
  /** Opens a file for appending, or creates a private one; links are not followed. */
  append(name: Buffer): Promise<number>
  /** Opens an existing file for writing and sets its mode; links are not followed. */
  replace(name: Buffer, mode: number): Promise<number>
  /** Creates a folder. */
  makeFolder(name: Buffer, mode: number): Promise<number>
  /** Renames a file; the new name must be free. */
  rename(from: Buffer, to: Buffer): Promise<number>
  /** Renames a file; an existing file is replaced. */
  renameOver(from: Buffer, to: Buffer): Promise<number>
  remove(name: Buffer): Promise<number>
  /** Starts the folder's program with one more argument and that descriptor as its input; without one its input is empty. */
  start(argument?: string, input?: number): Promise<number>
  /** Sends a signal to a program started by start(), and to all its descendants. */
  signal(program: number, signal: number): Promise<number>
  /** Ends the process and closes the folder after pending requests; call nothing afterwards. */
  close(): Promise<number>
}

/** A user with supplementary groups. */
export interface NativeUser {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** Which system calls this process still needs. */
export interface NativeCalls {
  /** loads and attaches BPF programs */
  readonly attach: boolean
  /** uses BPF maps that are open */
  readonly maps: boolean
  /** address families of new sockets */
  readonly families: readonly number[]
}

export interface Native {
  /** `without`: names of features to omit. functions: those of calls at which programs run; none: at the tracepoints. Throws NativeFailure. */
  readonly Capture: new (
    config: Uint8Array,
    ringBytes: number,
    without: readonly string[],
    functions: readonly string[],
  ) => NativeCapture
  /** The kernel's functions of system calls, as its type information (BTF) has them. */
  callFunctions(): string[]
  /** Loads the programs of all other features, and unloads them. Throws NativeFailure. */
  tryAll(config: Uint8Array, without: readonly string[]): void
  spawnStopped(argv: readonly string[], env: readonly string[]): NativeStopped
  /** Which features the running kernel has, by name (features.ts); empty without BTF. */
  features(): Record<string, boolean>
  /** The compiler of the BPF programs: the first line of `clang --version`. */
  readonly compiler: string
  /** Waits for the end of a child; resolves with the status word of waitpid. */
  waitFor(pid: number): Promise<number>
  /** Whether a read of a FIFO would not block: data is available, or the writer has closed it. */
  readable(fd: number): boolean
  /**
   * fd: the open folder, which the caller still closes; uid, gid: whose rights, -1: the process's own; argv, env: the program that start()
   * runs. After filterCalls() the process has the same rights as this one, and starts no programs.
   */
  readonly Folder: new (
    fd: number,
    uid: number,
    gid: number,
    argv?: readonly string[],
    env?: readonly string[],
  ) => NativeFolder
  /** Locks an open file until it is closed; false if another process holds the lock. */
  lockFile(fd: number): boolean
  /** Creates a pipe: descriptors of the read end and the write end, or one negative errno. */
  pipe(): readonly [number, number] | readonly [number]
  /** Creates a file in memory (memfd) and returns its descriptor. Throws an error with its errno. */
  memoryFile(): number
  /** Frees the memory of all bytes of such a file before `end`, which then read as zeros: 0, or an errno. */
  forgetBytes(fd: number, end: number): number
  /** The user at the other end of a unix socket at the time of its connect() or listen(); -1 if the kernel does not report it. */
  peerUser(fd: number): number
  /**
   * Sends a datagram to a unix socket, a path or an abstract address as @name: 0, or an errno (EINVAL: not an address; EAGAIN: the
   * receiver's queue is full, for a second, or at once if `waits` is false).
   */
  sendDatagram(address: string, text: string, waits?: boolean): number
  /** Returns memory to the system that the addon and Node have freed. */
  trim(): void
  /** Schedules all threads before those of ordinary programs until settle(); see pace.ts. */
  hurry(recording: boolean): void
  hurryAgain(): void
  settle(): void
  /** Writes a line to standard error after that many ms, even while this thread is blocked, unless withdraw() is called before. */
  announce(ms: number, line: string): void
  /** Cancels announce(); returns whether the line was written. */
  withdraw(): boolean
  /**
   * Contents of files of /proc that the kernel reads from the memory of processes, at most 256 KB of each, one after the other. places: of
   * each file the offset of its content and its size; the offset is -1 for one that cannot be read, or whose process blocks its readers.
   */
  readProcFiles(paths: readonly string[]): { readonly bytes: ArrayBuffer; readonly places: Float64Array }
  /** Frees the memory of bytes that came from here, which are empty then. V8 would free it some time after the last use. */
  free(bytes: ArrayBuffer): void
  /** Sends a signal to the process with that pid and start time (ticks since boot): 0, or an errno. */
  signalProcess(pid: number, start: number, signal: number): number
  /** Ends the process with that exit code at once, without waiting for its threads. */
  endProcess(code: number): never
  /**
   * Drops all capabilities of all threads except these (numbers), prevents gaining others, and switches to that user. failure: what
   * failed, as text; '' if nothing did. unreached: the threads (tids) that take no signals and therefore keep their privileges, if nothing
   * else failed.
   */
  confine(
    keep: readonly number[],
    user?: NativeUser,
  ): { readonly failure: string; readonly unreached: readonly number[] }
  /** Installs a seccomp filter: system calls that this process no longer makes fail. 0, or an errno. A second call has no effect. */
  filterCalls(still: NativeCalls): number
}

/** The addon; loaded at the first call. Throws if it is not built. */
export function native(): Native {
  return loadAddon() as Native
}

/** Ends this process at once, whatever its threads are doing. Unwritten data is lost. */
export function endWithThreads(code: number): never {
  return native().endProcess(code)
}

/**
 * Returns the addon.
 * @throws LiveError (ENOADDON) with the reason why it does not load
 */
export function addon(): Native {
  try {
    return native()
  } catch (e) {
    throw new LiveError('ENOADDON', `live capture needs ksys's native addon, ${whyNotLoaded(e)}`, (e as Error).message)
  }
}
