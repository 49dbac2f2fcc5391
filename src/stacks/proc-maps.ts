// What is mapped in processes that began before the capture: /proc/PID/maps, read again when it does not have an address.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { Cut } from './file-bytes.js'
import { Keeping } from './keeping.js'
import { MAPPINGS, TIME } from './limits.js'
import { type Mapping, mappingAt } from './mapping.js'
import type { Reading } from './reading.js'

interface Maps {
  mappings: readonly Mapping[]
  /** ms from which on it may be read again */
  next: number
}

/** start-end perms offset major:minor inode path (proc_pid_maps(5)) */
const LINE = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+) +(\/.*)$/
const GONE = ' (deleted)'
const PIECE = 1 << 16

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

/** The user whose process it is; root where it has ended. */
function ownerOf(pid: number): number {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? 0
}

/** Code of a process; undefined when there is no such process, or it may not be looked at. cut: is called where there is too much. */
export function readMaps(pid: number, cut: (why: string) => void): Mapping[] | undefined {
  const mappings: Mapping[] = []
  try {
    linesOf(`/proc/${pid}/maps`, (line) => {
      const mapping = parseLine(line)
      if (mapping === undefined) return
      if (mappings.length >= MAPPINGS.ofProcess) throw new Cut(`it has code of more than ${MAPPINGS.ofProcess} mappings`)
      mappings.push(mapping)
    })
  } catch (e) {
    if (!(e instanceof Cut)) return undefined
    cut(e.message)
  }
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

/** Calls with each line of a file of /proc, up to a number of bytes. */
function linesOf(path: string, use: (line: string) => void): void {
  const end = performance.now() + TIME.file
  const fd = openSync(path, 'r')
  try {
    const buffer = Buffer.allocUnsafeSlow(PIECE)
    let kept = 0
    for (let read = 0; ; ) {
      const got = readSync(fd, buffer, kept, PIECE - kept, null)
      if (got === 0) return
      read += got
      if (read > MAPPINGS.procBytes) throw new Cut(`it has more than ${MAPPINGS.procBytes >> 20} MiB`)
      if (performance.now() > end) throw new Cut(`reading it takes more than ${TIME.file / 1000} s`)
      const filled = kept + got
      const last = buffer.lastIndexOf('\n', filled - 1) + 1
      for (const line of buffer.toString('latin1', 0, last).split('\n')) use(line)
      kept = filled - last
      buffer.copy(buffer, 0, last, filled)
    }
  } finally {
    closeSync(fd)
  }
}
