// Determines from which file an address of a process is mapped, based on events (ks_mmap, ks_fork, ks_exec).
import { BoundedCache } from './bounded-cache.js'
import { MAPPINGS } from './limits.js'
import { type Mapping, mappingAt } from './mapping.js'

/** bytes from the start of a dynamic loader that are attributed to it unless something else is mapped there */
const INTERPRETER = 1 << 20
/** For a process with too many mappings, the first ones are retained: its program and its libraries. */
const FIRST = 256
/** Limit of the chain of ancestors whose /proc/PID/maps may contain mappings of a process. */
const MOST_ANCESTORS = 8
/** Approximate bytes of memory for a process, and for a mapping without its path. */
const PROCESS = 512
const MAPPING = 200

/** What is known about the memory of a process. */
interface Memory {
  /** unique per process and per program that it executes */
  readonly number: number
  /** from events, the newest last */
  mappings: readonly Mapping[]
  /** numbers of the memories that it was copied from by fork, for which /proc/PID/maps may contain more than events did */
  readonly ancestors: readonly number[]
  /** its creation or exec was seen: no mapping is missing */
  readonly complete: boolean
}

/** The location of an address: a mapping; `unknown`: not in events, but /proc/PID/maps may contain it; undefined: not in a file. */
export type Place = Mapping | 'unknown' | undefined

export class Mappings {
  private readonly processes = new BoundedCache<number, Memory>(MAPPINGS.bytes)
  private last = 0

  /** Process pid mapped a file. */
  mapped(pid: number, mapping: Mapping): void {
    this.add(pid, mapping)
  }

  forked(parent: number, child: number): void {
    const { mappings, ancestors, complete, number } = this.memory(parent)
    const older = complete ? ancestors : [number, ...ancestors].slice(0, MOST_ANCESTORS)
    this.create(child, mappings, older, true)
  }

  /** The process executes another program from now on. */
  execed(pid: number): void {
    this.create(pid, [], [], true)
  }

  /** Adds the program that the process executes, and the address of its dynamic loader (0: none). */
  started(pid: number, program: Mapping, interpreter: number): void {
    if (interpreter !== 0)
      this.add(pid, {
        start: interpreter,
        end: interpreter + INTERPRETER,
        offset: 0,
        ino: 0,
        dev: 0,
        path: '',
        interpreterOf: program,
      })
    this.add(pid, program)
  }

  ended(pid: number): void {
    this.processes.forget(pid)
  }

  /** The location of an address of a process. */
  at(pid: number, address: number): Place {
    const { mappings, complete, ancestors } = this.memory(pid)
    return mappingAt(mappings, address) ?? (complete && ancestors.length === 0 ? undefined : 'unknown')
  }

  /** Numbers of the memory of a process, and of its ancestors' memories. */
  memoriesOf(pid: number): readonly number[] {
    const { number, ancestors } = this.memory(pid)
    return [number, ...ancestors]
  }

  private memory(pid: number): Memory {
    return this.processes.get(pid) ?? this.create(pid, [], [], false)
  }

  private create(pid: number, mappings: readonly Mapping[], ancestors: readonly number[], complete: boolean): Memory {
    const memory = { number: ++this.last, mappings, ancestors, complete }
    this.store(pid, memory)
    return memory
  }

  private add(pid: number, mapping: Mapping): void {
    const memory = this.memory(pid)
    const { mappings } = memory
    // the array may be shared with the process that it was forked from
    memory.mappings =
      mappings.length < MAPPINGS.ofProcess
        ? [...mappings, mapping]
        : [...mappings.slice(0, FIRST), ...mappings.slice(-FIRST), mapping]
    this.store(pid, memory)
  }

  private store(pid: number, memory: Memory): void {
    this.processes.set(pid, memory, weightOf(memory.mappings))
  }
}

function weightOf(mappings: readonly Mapping[]): number {
  let sum = PROCESS
  for (const m of mappings) sum += MAPPING + m.path.length
  return sum
}
