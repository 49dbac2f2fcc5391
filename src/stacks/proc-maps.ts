// Mappings of processes that started before the capture: /proc/PID/maps, read again if it does not contain an address.

import { BoundedCache } from './bounded-cache.js'
import { Cut } from './file-bytes.js'
import { MAPPINGS, TIME } from './limits.js'
import { type Mapping, mappingAt } from './mapping.js'
import { eachLine } from './proc-lines.js'
import { ownerOf, type ReadBudget } from './read-budget.js'

interface Maps {
  mappings: readonly Mapping[]
  /** time (ms) from which on it may be read again */
  next: number
}

/** start-end perms offset major:minor inode path (proc_pid_maps(5)) */
const LINE = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) +(\/.*)$/
const GONE = ' (deleted)'

export class ProcMaps {
  /** by the number of a memory (mappings.ts) */
  private readonly memories = new BoundedCache<number, Maps>(MAPPINGS.read)

  constructor(private readonly reading: ReadBudget) {}

  /** The mapping at an address of process pid. memories: its own, then those of its ancestors, which are not read again. */
  at(pid: number, memories: readonly number[], address: number): Mapping | undefined {
    for (const memory of memories) {
      const found = mappingAt(this.memories.get(memory)?.mappings ?? [], address)
      if (found !== undefined) return found
    }
    const [own] = memories
    return own === undefined ? undefined : mappingAt(this.refresh(pid, own), address)
  }

  private refresh(pid: number, memory: number): readonly Mapping[] {
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
    this.memories.set(memory, maps, 4 + maps.mappings.length)
    return maps.mappings
  }
}

/** Code mappings of a process; undefined if it does not exist, or is not accessible. cut: called if there are too many. */
function readMaps(pid: number, cut: (why: string) => void): Mapping[] | undefined {
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

/** Parses a line of /proc/PID/maps; undefined: not code of a file. */
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
    // copied, because a substring would keep the whole string in memory
    path: Buffer.from(path.endsWith(GONE) ? path.slice(0, -GONE.length) : path, 'latin1').toString('latin1'),
  }
}
