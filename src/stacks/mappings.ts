// Which file an address of a process is mapped from: as the kernel told (ks_mmap), or as /proc/PID/maps has it.
import { readFileSync } from 'node:fs'

/** Code that is mapped from a file. */
export interface Mapping {
  readonly start: number
  readonly end: number
  /** of `start`, in the file */
  readonly offset: number
  readonly ino: number
  /** major << 20 | minor */
  readonly dev: number
  /** from the process's root */
  readonly path: string
}

/** Processes that are known at most; beyond, those that were known first are forgotten. */
const MOST_PROCESSES = 16384

/** What is known of a process's memory. */
interface Memory {
  /** tells apart what is mapped before and after an exec; undefined: nothing was told */
  space: string | undefined
  /** told, the newest last */
  own: Mapping[]
  /** the process that it was forked from, until it runs another program */
  parent: Memory | undefined
  /** nothing of it is missing: it was seen from its beginning or its last exec on */
  whole: boolean
  /** of /proc, once somebody looked */
  read: readonly Mapping[] | undefined
}

export class Mappings {
  private readonly processes = new Map<number, Memory>()

  /** told: whether the kernel tells what is mapped; otherwise /proc alone does. */
  constructor(private readonly told = true) {}

  /** Process pid mapped a file. */
  mapped(pid: number, space: string, mapping: Mapping): void {
    const memory = this.of(pid)
    if (memory.space !== undefined && memory.space !== space) {
      memory.own = []
      memory.parent = memory.read = undefined
    }
    memory.space = space
    memory.own.push(mapping)
  }

  forked(parent: number, child: number): void {
    this.processes.delete(child)
    const memory = this.of(child)
    memory.parent = this.of(parent)
    memory.whole = true
  }

  /** It runs another program now, whose file and interpreter are mapped already. */
  execed(pid: number): void {
    const memory = this.of(pid)
    memory.parent = memory.read = undefined
    memory.whole = true
  }

  ended(pid: number): void {
    // a child that was forked from it keeps it
    this.processes.delete(pid)
  }

  /** What is mapped at an address of a process; undefined: nothing that is known. */
  at(pid: number, address: number): Mapping | undefined {
    const memory = this.of(pid)
    return this.toldAt(memory, address) ?? this.readAt(pid, memory, address)
  }

  private toldAt({ own, parent }: Memory, address: number): Mapping | undefined {
    return own.findLast((m) => holds(m, address)) ?? (parent && (this.toldAt(parent, address) ?? find(parent.read, address)))
  }

  /** Looks at /proc where that may know more than was told, and again when it does not have the address. */
  private readAt(pid: number, memory: Memory, address: number): Mapping | undefined {
    if (this.told && memory.whole && memory.parent === undefined) return undefined
    const known = find(memory.read, address)
    if (known !== undefined) return known
    memory.read = readMaps(pid) ?? memory.read
    return find(memory.read, address)
  }

  private of(pid: number): Memory {
    let memory = this.processes.get(pid)
    if (memory === undefined) {
      memory = { space: undefined, own: [], parent: undefined, whole: false, read: undefined }
      this.processes.set(pid, memory)
      if (this.processes.size > MOST_PROCESSES) for (const first of this.processes.keys()) {
        this.processes.delete(first)
        break
      }
    }
    return memory
  }
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
