// Which write of a local connection a read has its bytes from: what was written at one end and not read at the other waits in order.
import { isPeek, isRead, isWrite } from '../../fields/io.js'
import type { Event } from '../../model/event.js'
import type { Fd } from '../../model/fd.js'
import { l4proto } from '../../state/fd-name.js'
import { isInet } from '../../state/socket-sides.js'

/** Directions of connections that are kept, and writes of each that nobody has read; the oldest are forgotten. */
const MOST_DIRECTIONS = 16_384
const MOST_WRITES = 256

/** A read whose bytes may come from a write that is told of later, since its call ends later. */
export interface Read {
  /** numbers of the flows that end in it */
  readonly flows: number[]
  /** bytes of unknown origin */
  missing: number
  /** it was written: what is found now comes too late */
  done: boolean
}

interface Write {
  readonly flow: number
  left: number
  /** a read has had some of it, where its arrow ends */
  read: boolean
}

class Direction {
  readonly writes: Write[] = []
  readonly reads: Read[] = []
}

export class Flows {
  private readonly directions = new Map<string, Direction>()
  private last = 0

  /** The number of the flow that begins with the event; undefined: it moves no bytes to somebody who could be here. */
  write(e: Event, moved: number | undefined): number | undefined {
    if (moved === undefined || moved === 0 || e.fd === undefined || !isWrite(e)) return undefined
    const key = keyOf(e.fd, true)
    if (key === undefined) return undefined
    const d = this.direction(key)
    const write = { flow: ++this.last, left: moved, read: false }
    while (write.left > 0 && d.reads.length > 0) {
      const read = d.reads[0] as Read
      if (!read.done) take(write, read, isDatagram(e.fd))
      if (read.done || read.missing === 0) d.reads.shift()
    }
    if (write.left > 0) d.writes.push(write)
    if (d.writes.length > MOST_WRITES) d.writes.shift()
    return write.flow
  }

  /** What ends with the event; undefined: it moves no bytes from somebody who could be here. */
  read(e: Event, moved: number | undefined): Read | undefined {
    if (moved === undefined || moved === 0 || e.fd === undefined || !isRead(e) || isPeek(e)) return undefined
    const key = keyOf(e.fd, false)
    if (key === undefined) return undefined
    const d = this.direction(key)
    const read: Read = { flows: [], missing: moved, done: false }
    while (read.missing > 0 && d.writes.length > 0) {
      const write = d.writes[0] as Write
      take(write, read, isDatagram(e.fd))
      if (write.left === 0) d.writes.shift()
    }
    if (read.missing > 0) {
      d.reads.push(read)
      if (d.reads.length > MOST_WRITES) d.reads.shift()
    }
    return read
  }

  private direction(key: string): Direction {
    let d = this.directions.get(key)
    if (d !== undefined) return d
    if (this.directions.size >= MOST_DIRECTIONS)
      for (const oldest of this.directions.keys()) if (this.directions.delete(oldest)) break
    d = new Direction()
    this.directions.set(key, d)
    return d
  }
}

/** The read has bytes of the write; of a datagram it has all that it will ever have. */
function take(write: Write, read: Read, datagram: boolean): void {
  const n = Math.min(write.left, read.missing)
  write.left = datagram ? 0 : write.left - n
  read.missing = datagram ? 0 : read.missing - n
  if (!write.read) read.flows.push(write.flow)
  write.read = true
}

function isDatagram(fd: Fd): boolean {
  return l4proto(fd) === 'udp'
}

/** What both ends of a direction are known by: `out` at the end that writes. */
function keyOf(fd: Fd, out: boolean): string | undefined {
  if (isInet(fd)) {
    if (fd.localIp === undefined || fd.remoteIp === undefined) return undefined
    const local = `${fd.localIp} ${fd.localPort}`
    const remote = `${fd.remoteIp} ${fd.remotePort}`
    return out ? `${local} ${remote}` : `${remote} ${local}`
  }
  if (fd.type === 'unix') {
    if (fd.source === undefined || fd.dest === undefined) return undefined
    return out ? `u${fd.source} ${fd.dest}` : `u${fd.dest} ${fd.source}`
  }
  return fd.type === 'pipe' && fd.ino !== undefined ? `p${fd.dev} ${fd.ino}` : undefined
}
