// Finds the write from which a read of a local connection has its bytes: unread writes of each direction are queued.
import { isPeek, isRead, isWrite } from '../../fields/io.js'
import type { Event } from '../../model/event.js'
import type { Fd } from '../../model/fd.js'
import { l4proto } from '../../state/fd-name.js'
import { isInet } from '../../state/socket-sides.js'

/** Maximum number of directions of connections, and of unread writes of each; the oldest are removed. */
const MOST_DIRECTIONS = 16_384
const MOST_WRITES = 256

/** A read whose bytes may come from a write that is recorded later, since its call ends later. */
export interface Read {
  /** ids of the flows that end in it */
  readonly flows: number[]
  /** bytes of unknown origin */
  missing: number
  /** it was written: flows found from now on are too late */
  done: boolean
}

interface Write {
  readonly flow: number
  remaining: number
  /** a read has had some of it; its flow ends there */
  read: boolean
}

class Direction {
  readonly writes: Write[] = []
  readonly reads: Read[] = []
}

export class Flows {
  private readonly directions = new Map<string, Direction>()
  private last = 0

  /** The id of the flow that starts with the event; undefined: it does not transfer bytes to a possibly local receiver. */
  write(e: Event, moved: number | undefined): number | undefined {
    if (moved === undefined || moved === 0 || e.fd === undefined || !isWrite(e)) return undefined
    const key = keyOf(e.fd, true)
    if (key === undefined) return undefined
    const d = this.direction(key)
    const write = { flow: ++this.last, remaining: moved, read: false }
    while (write.remaining > 0 && d.reads.length > 0) {
      const read = d.reads[0] as Read
      if (!read.done) take(write, read, isDatagram(e.fd))
      if (read.done || read.missing === 0) d.reads.shift()
    }
    if (write.remaining > 0) d.writes.push(write)
    if (d.writes.length > MOST_WRITES) d.writes.shift()
    return write.flow
  }

  /** The flows that end with the event; undefined: it does not transfer bytes from a possibly local sender. */
  read(e: Event, moved: number | undefined): Read | undefined {
    if (moved === undefined || moved === 0 || e.fd === undefined || !isRead(e) || isPeek(e)) return undefined
    const key = keyOf(e.fd, false)
    if (key === undefined) return undefined
    const d = this.direction(key)
    const read: Read = { flows: [], missing: moved, done: false }
    while (read.missing > 0 && d.writes.length > 0) {
      const write = d.writes[0] as Write
      take(write, read, isDatagram(e.fd))
      if (write.remaining === 0) d.writes.shift()
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

/** Assigns bytes of a write to a read; a datagram is read only once. */
function take(write: Write, read: Read, datagram: boolean): void {
  const n = Math.min(write.remaining, read.missing)
  write.remaining = datagram ? 0 : write.remaining - n
  read.missing = datagram ? 0 : read.missing - n
  if (!write.read) read.flows.push(write.flow)
  write.read = true
}

function isDatagram(fd: Fd): boolean {
  return l4proto(fd) === 'udp'
}

/** The key of a direction, equal for both of its ends. out: the descriptor is the writing end. */
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
