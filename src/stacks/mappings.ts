// Which file an address of a process is mapped from: as the kernel told (ks_mmap), or as /proc/PID/maps has it.
import { readFileSync } from 'node:fs'

/** Code that is mapped from a file. */
export interface Mapping {
  readonly start: number
  readonly end: number
  /** of `start`, in the file; FIRST_CODE: that of the first segment of code */
  readonly offset: number
  readonly ino: number
  /** major << 20 | minor */
  readonly dev: number
  /** from the process's root */
  readonly path: string
  /** it is the interpreter of that program, whose path is in the program's file; undefined: it is the file itself */
  readonly interpreterOf?: Mapping
}

export const FIRST_CODE = -1
/** bytes from the start of an interpreter on that are its own, where nothing else is */
const INTERPRETER = 1 << 20
/** Processes that are known at most; beyond, those that were known first are forgotten. */
const MOST_PROCESSES = 16384

/** What is known of a process's memory. */
interface Memory {
  /** told, the newest last */
  own: Mapping[]
  /** the process that it was forked from, until it runs another program */
  parent: Memory | undefined
  /** it was seen to begin, or to begin its program: nothing of it is missing */
  whole: boolean
  /** of /proc, once somebody looked */
  read: readonly Mapping[] | undefined
}

export class Mappings {
  private readonly processes = new Map<number, Memory>()

  /** Process pid mapped a file. */
  mapped(pid: number, mapping: Mapping): void {
    this.of(pid).own.push(mapping)
  }

  forked(parent: number, child: number): void {
    const of = this.of(parent)
    this.processes.delete(child)
    const memory = this.of(child)
    memory.parent = { ...of, own: [...of.own] }
    memory.whole = true
  }

  /** It runs another program from now on. */
  execed(pid: number): void {
    this.processes.delete(pid)
    this.of(pid).whole = true
  }

  /** The program that it runs, and where its interpreter is (0: it has none). */
  began(pid: number, program: Mapping, interpreter: number): void {
    const { own } = this.of(pid)
    if (interpreter !== 0)
      own.push({
        start: interpreter,
        end: interpreter + INTERPRETER,
        offset: 0,
        ino: 0,
        dev: 0,
        path: '',
        interpreterOf: program,
      })
    own.push(program)
  }

  ended(pid: number): void {
    this.processes.delete(pid)
  }

  /** What is mapped at an address of a process; undefined: nothing that is known. */
  at(pid: number, address: number): Mapping | undefined {
    const memory = this.of(pid)
    return toldAt(memory, address) ?? this.readAt(pid, memory, address)
  }

  /** Looks at /proc where that may know more than was told, and again when it does not have the address. */
  private readAt(pid: number, memory: Memory, address: number): Mapping | undefined {
    if (memory.whole && memory.parent?.whole !== false) return undefined
    const known = find(memory.read, address)
    if (known !== undefined) return known
    memory.read = readMaps(pid) ?? memory.read
    return find(memory.read, address)
  }

  private of(pid: number): Memory {
    let memory = this.processes.get(pid)
    if (memory === undefined) {
      memory = { own: [], parent: undefined, whole: false, read: undefined }
      this.processes.set(pid, memory)
      const [first] = this.processes.keys()
      if (this.processes.size > MOST_PROCESSES) this.processes.delete(first as number)
    }
    return memory
  }
}

function toldAt({ own, parent }: Memory, address: number): Mapping | undefined {
  return own.findLast((m) => holds(m, address)) ?? (parent && (toldAt(parent, address) ?? find(parent.read, address)))
}

function holds(m: Mapping, address: number): boolean {
  return address >= m.start && address < m.end
}

function find(mappings: readonly Mapping[] | undefined, address: number): Mapping | undefined {
  return mappings?.find((m) => holds(m, address))
}

/** start-end perms offset major:minor inode path (proc_pid_maps(5)) */
const LINE = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) +(\/.*)$/
const GONE = ' (deleted)'

/** Code of a process; undefined when there is no such process, or it may not be looked at. */
export function readMaps(pid: number, text = mapsOf(pid)): Mapping[] | undefined {
  return text?.split('\n').flatMap((line) => {
    const [, start, end, offset, major, minor, ino, path] = LINE.exec(line) ?? []
    if (path === undefined) return []
    const hex = (digits: string | undefined) => Number.parseInt(digits as string, 16)
    return {
      start: hex(start),
      end: hex(end),
      offset: hex(offset),
      dev: hex(major) * 2 ** 20 + hex(minor),
      ino: Number(ino),
      path: path.endsWith(GONE) ? path.slice(0, -GONE.length) : path,
    }
  })
}

function mapsOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'latin1')
  } catch {
    return undefined
  }
}
