// Which file an address of a process is mapped from, as events told it (ks_mmap, ks_fork, ks_exec).
import { Keeping } from './keeping.js'
import { MAPPINGS } from './limits.js'
import { type Mapping, mappingAt } from './mapping.js'

/** bytes from the start of an interpreter on that are its own, where nothing else is */
const INTERPRETER = 1 << 20
/** Of a process with more mappings than are kept, those of its beginning stay: its program and its libraries. */
const FIRST = 256
/** Processes that a process was forked from, one of another, whose /proc/PID/maps may have what it has. */
const MOST_ANCESTORS = 8
/** Bytes of memory that a process and a mapping take, about, beside the path. */
const PROCESS = 512
const MAPPING = 200

/** What is known of a process's memory. */
interface Memory {
  /** another one for each process and each program that it runs */
  readonly number: number
  /** as events told, the newest last */
  mappings: readonly Mapping[]
  /** numbers of memories that it began as a copy of, where /proc/PID/maps may have more than was told */
  readonly ancestors: readonly number[]
  /** it was seen to begin, or to begin its program: nothing of it is missing */
  readonly whole: boolean
}

/** Where an address is: in a mapping; `unknown`: nothing was told, but /proc/PID/maps may have it; undefined: not in a file. */
export type Place = Mapping | 'unknown' | undefined

export class Mappings {
  private readonly processes = new Keeping<number, Memory>(MAPPINGS.bytes)
  private last = 0

  /** Process pid mapped a file. */
  mapped(pid: number, mapping: Mapping): void {
    this.add(pid, mapping)
  }

  forked(parent: number, child: number): void {
    const { mappings, ancestors, whole, number } = this.of(parent)
    const older = whole ? ancestors : [number, ...ancestors].slice(0, MOST_ANCESTORS)
    this.begin(child, mappings, older, true)
  }

  /** It runs another program from now on. */
  execed(pid: number): void {
    this.begin(pid, [], [], true)
  }

  /** The program that it runs, and where its interpreter is (0: it has none). */
  began(pid: number, program: Mapping, interpreter: number): void {
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

  /** Where an address of a process is. */
  at(pid: number, address: number): Place {
    const { mappings, whole, ancestors } = this.of(pid)
    return mappingAt(mappings, address) ?? (whole && ancestors.length === 0 ? undefined : 'unknown')
  }

  /** Numbers of the memory of a process, and of those that it was forked from. */
  memoriesOf(pid: number): readonly number[] {
    const { number, ancestors } = this.of(pid)
    return [number, ...ancestors]
  }

  private of(pid: number): Memory {
    return this.processes.get(pid) ?? this.begin(pid, [], [], false)
  }

  private begin(pid: number, mappings: readonly Mapping[], ancestors: readonly number[], whole: boolean): Memory {
    const memory = { number: ++this.last, mappings, ancestors, whole }
    this.keep(pid, memory)
    return memory
  }

  private add(pid: number, mapping: Mapping): void {
    const memory = this.of(pid)
    const { mappings } = memory
    // the array may be that of a process that it was forked from, too
    memory.mappings =
      mappings.length < MAPPINGS.ofProcess
        ? [...mappings, mapping]
        : [...mappings.slice(0, FIRST), ...mappings.slice(-FIRST), mapping]
    this.keep(pid, memory)
  }

  private keep(pid: number, memory: Memory): void {
    this.processes.keep(pid, memory, weightOf(memory.mappings))
  }
}

function weightOf(mappings: readonly Mapping[]): number {
  let sum = PROCESS
  for (const m of mappings) sum += MAPPING + m.path.length
  return sum
}
