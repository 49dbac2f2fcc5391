// What is mapped in processes that began before the capture: /proc/PID/maps, read again when it does not have an address.
import { Cut } from './file-bytes.js'
import { Keeping } from './keeping.js'
import { MAPPINGS, TIME } from './limits.js'
import { type Mapping, mappingAt } from './mapping.js'
import { eachLine } from './proc-lines.js'
import { ownerOf, type Reading } from './reading.js'

interface Maps {
  mappings: readonly Mapping[]
  /** ms from which on it may be read again */
  next: number
}

/** start-end perms offset major:minor inode path (proc_pid_maps(5)) */
const LINE = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) +(\/.*)$/
const GONE = ' (deleted)'

export class ProcMaps {
  /** by the number of a memory (mappings.ts) */
  private readonly memories = new Keeping<number, Maps>(MAPPINGS.read)

  constructor(private readonly reading: Reading) {}

  /** What is mapped at an address of process pid. memories: its own, then those that it was forked from, which are not read again. */
  at(pid: number, memories: readonly number[], address: number): Mapping | undefined {
    for (const memory of memories) {
      const found = mappingAt(this.memories.get(memory)?.mappings ?? [], address)
      if (found !== undefined) return found
    }
    const [own] = memories
    return own === undefined ? undefined : mappingAt(this.again(pid, own), address)
  }

  private again(pid: number, memory: number): readonly Mapping[] {
    const known = this.memories.get(memory)
    const from = performance.now()
    if (known !== undefined && from < known.next) return known.mappings
    const path = `/proc/${pid}/maps`
    const { reading } = this
    const read = reading.watched(path, () =>
      reading.charged(path, ownerOf(pid), () => readMaps(pid, (why) => reading.cut(path, why))),
    )
    const now = performance.now()
    const maps = {
      mappings: read ?? known?.mappings ?? [],
      next: now + Math.max(TIME.again, (now - from) * TIME.againTimes),
    }
    this.memories.keep(memory, maps, 4 + maps.mappings.length)
    return maps.mappings
  }
}

/** Code of a process; undefined when there is no such process, or it may not be looked at. cut: is called where there is too much. */
export function readMaps(pid: number, cut: (why: string) => void): Mapping[] | undefined {
  const mappings: Mapping[] = []
  try {
    eachLine(`/proc/${pid}/maps`, MAPPINGS.procBytes, (line) => {
      const mapping = parseLine(line)
      if (mapping !== undefined) mappings.push(mapping)
      return mappings.length > MAPPINGS.ofProcess
    })
  } catch (e) {
    if (!(e instanceof Cut)) return undefined
    cut(e.message)
  }
  if (mappings.length > MAPPINGS.ofProcess) cut(`it has code of more than ${MAPPINGS.ofProcess} mappings`)
  return mappings
}

/** A line of /proc/PID/maps; undefined: it is not code of a file. */
export function parseLine(line: string): Mapping | undefined {
  const [, start, end, offset, major, minor, ino, path] = LINE.exec(line) ?? []
  if (path === undefined) return undefined
  const hex = (digits: string | undefined) => Number.parseInt(digits as string, 16)
  return {
    start: hex(start),
    end: hex(end),
    offset: hex(offset),
    dev: hex(major) * 2 ** 20 + hex(minor),
    ino: Number(ino),
    // a copy: a part of a string keeps the whole
    path: Buffer.from(path.endsWith(GONE) ? path.slice(0, -GONE.length) : path, 'latin1').toString('latin1'),
  }
}
