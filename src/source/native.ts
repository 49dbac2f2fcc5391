// The native addon's capture side, typed: loads programs, fills batches, reads iterators, starts commands.
import { loadAddon } from './addon-file.js'

/** A running capture. Times are ns of CLOCK_BOOTTIME and of the wall clock at the same moment. */
export interface NativeCapture {
  readonly startBoot: number
  readonly startSec: number
  readonly startNsec: number
  readonly cpus: number
  /** bytes of one CPU's ring */
  readonly ringSize: number
  /** Fills a batch's buffer (model/batch.ts); resolves with its rows, -1 at the end. Several may be under way. */
  nextBatch(buffer: ArrayBuffer, rows: number, arenaBytes: number): Promise<number>
  /** Records (struct ksys_task, ksys_file or ksys_procinfo of native/abi.h) of what exists now; none where the kernel cannot tell. */
  iterate(program: 'iter_task' | 'iter_file' | 'iter_procinfo'): ArrayBuffer
  /** Marks of that cgroup (its key): slots for which no call of a thread in it is recorded (bits), CGROUP_CONTAINER; false when another has its place. */
  markCgroup(cgroup: number, marks: number): boolean
  /** How much of what threads of that cgroup do is left out (THROTTLE); false: it has no entry. */
  throttle(cgroup: number, how: number): boolean
  /** ns between two events of a cgroup, on average, that the filter passes, and of others; 0: any number, 0xffffffff: none. */
  limitCgroups(shown: number, others: number): void
  /** Gives back the entry of a cgroup that makes no calls any more. */
  forgetCgroup(cgroup: number): void
  /**
   * Of a plan with ceilings: runs of programs, those that were timed and their ns, 1 where records were left out since the last call
   * that keep threads and descriptors true; then of each cgroup its id (-1: all that found no entry), and of events that the filter
   * passes, and then of others, how many were recorded and left out.
   */
  ceilings(): Float64Array
  /** Records the calls that threads are in, as the plan says. */
  tellCalls(): void
  /** lost: by kind, in the order of LOSSES */
  stats(): { events: number; lost: number[]; late: number }
  /** Stops recording; what was recorded is still delivered. */
  detach(): void
  close(): void
}

/** What a failed capture throws: the step that failed, errno, and what libbpf and the kernel said. */
export interface NativeFailure extends Error {
  readonly step: string
  readonly errno: number
  readonly log: string
  /** name of the feature (features.ts) whose program was refused; absent when it was none in particular */
  readonly feature?: string
}

/** A process that waits until it may run its command. */
export interface NativeStopped {
  readonly pid: number
  /** Lets it run: 0, or the errno of its exec. */
  resume(): number
}

/** A folder that a process works in which has a user's rights. Results are 0, a descriptor or a process id; a negative errno. */
export interface NativeFolder {
  /** errno of becoming that user; nothing else may be called when it is not 0 */
  readonly error: number
  /** Makes a new file, open for writing, and locked unless somebody else was quicker (newFileIn waits for those). */
  create(name: Buffer, mode: number): Promise<number>
  /** Opens a file to append to it, and makes a private one where there is none; links are not followed. */
  append(name: Buffer): Promise<number>
  /** Opens an existing file for writing and gives it that mode; links are not followed. */
  replace(name: Buffer, mode: number): Promise<number>
  /** Makes a folder. */
  makeFolder(name: Buffer, mode: number): Promise<number>
  /** Gives a file another name, which must be free. */
  rename(from: Buffer, to: Buffer): Promise<number>
  /** Gives a file another name; a file that has it is replaced. */
  renameOver(from: Buffer, to: Buffer): Promise<number>
  remove(name: Buffer): Promise<number>
  /** Starts the folder's program, with one more word, and that descriptor to read; without one its input is empty. */
  start(argument?: string, input?: number): Promise<number>
  /** Sends a signal to a program that was started so, and to all that it started. */
  signal(program: number, signal: number): Promise<number>
  /** Ends the process and lets go of the folder once what was asked for is done; nothing may be called after it. */
  close(): Promise<number>
}

/** A user with groups that are supplementary. */
export interface NativeUser {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

/** What this process still does. */
export interface NativeCalls {
  /** loads and attaches BPF programs */
  readonly attach: boolean
  /** uses BPF maps that are open */
  readonly maps: boolean
  /** address families of new sockets */
  readonly families: readonly number[]
}

export interface Native {
  /** `without`: names of features that are left out. Throws NativeFailure. */
  readonly Capture: new (
    config: Uint8Array,
    ringBytes: number,
    without: readonly string[],
  ) => NativeCapture
  /** Loads all programs but those of these features, and unloads them. Throws NativeFailure. */
  tryAll(config: Uint8Array, without: readonly string[]): void
  spawnStopped(argv: readonly string[], env: readonly string[]): NativeStopped
  /** What the running kernel has, by name (features.ts); empty when it has no BTF. */
  features(): Record<string, boolean>
  /** What compiled the BPF programs: the first line of `clang --version`. */
  readonly compiler: string
  /** The end of a child: the status word of waitpid. */
  waitFor(pid: number): Promise<number>
  /** Whether a read of a FIFO would not wait: bytes are there, or whoever wrote has gone. */
  readable(fd: number): boolean
  /**
   * fd: the open folder, which stays the caller's; uid, gid: whose rights, -1 the process's own; argv, env: the program that may be
   * started. Once calls are filtered (filterCalls) it has no other rights than this process, and starts nothing.
   */
  readonly Folder: new (
    fd: number,
    uid: number,
    gid: number,
    argv?: readonly string[],
    env?: readonly string[],
  ) => NativeFolder
  /** Locks an open file for as long as it is open; false when somebody else has it locked. */
  lockFile(fd: number): boolean
  /** Makes a pipe: the descriptors of its ends, to read and to write; one negative errno where there is none. */
  pipe(): readonly [number, number] | readonly [number]
  /** Makes a file that lies in memory only: its descriptor. Throws an error with its errno. */
  memoryFile(): number
  /** Gives the memory of all bytes of such a file before `end` back, which then are zeros: 0, or an errno. */
  forgetBytes(fd: number, end: number): number
  /** The user at the other end of a unix socket, when it connected or began to listen; -1 where the kernel does not say. */
  peerUser(fd: number): number
  /**
   * Sends a datagram to a unix socket, a path or an abstract address as @name: 0, or an errno (EINVAL: it is no address; EAGAIN: its reader
   * is slow, for a second, or with `waits` false at all).
   */
  sendDatagram(address: string, text: string, waits?: boolean): number
  /** Gives memory back to the system that the addon and Node have freed. */
  trim(): void
  /** All threads run before those of ordinary programs until settle(); pace.ts has the reasons. */
  hurry(recording: boolean): void
  hurryAgain(): void
  settle(): void
  /** Has a line written to standard error after so many ms, also while this thread waits in the kernel, unless withdraw() comes before. */
  announce(ms: number, line: string): void
  /** Ends what announce() began; whether the line has been written. */
  withdraw(): boolean
  /**
   * What is in files of /proc that come from memory of processes, 256 KB at most of each; none where one cannot be read, or the
   * process keeps its readers waiting.
   */
  readProcFiles(paths: readonly string[]): readonly (Buffer | undefined)[]
  /** Sends a signal to the process with that number and start (ticks since the machine's): 0, or an errno. */
  signalProcess(pid: number, start: number, signal: number): number
  /** Ends the process with that exit code at once: nobody waits for its threads. */
  endProcess(code: number): never
  /**
   * Leaves all threads no capabilities but these (numbers), no way to others, and that user from then on. What is wrong afterwards, in
   * words; empty: nothing.
   */
  confine(keep: readonly number[], user?: NativeUser): string
  /** Has calls fail that this process does not make any more: 0, or an errno. A second time nothing changes. */
  filterCalls(still: NativeCalls): number
}

/** The addon; loaded at the first call. Throws when it is not built. */
export function native(): Native {
  return loadAddon() as Native
}
