// A file descriptor as the state knows it.
import type { FdInfo, FdType, Whole } from './snapshot.js'

/** What a socket does in its connection, as far as known. */
export const enum Role {
  Unknown,
  Client,
  Server,
}

/**
 * Where a printer wrote a descriptor's text last. It may be copied from there while the printer's epoch is the same and
 * the descriptor is still called so.
 */
export interface Printed {
  epoch: number
  at: number
  length: number
  /** characters in it that JSON escapes, when that was asked */
  escapes: number | undefined
  name: string
  type: FdType
  proto: string
}

/** Given back, and how many of them are kept at most. */
const spare: Fd[] = []
const MOST_SPARE = 256

export class Fd implements FdInfo {
  num: number
  type: FdType
  /** see FdInfo; for sockets a cache of what state/fd-name.ts builds: read names through fdName() */
  name: string
  /** path as the caller gave it, when it is not the name itself */
  nameRaw: string | undefined = undefined
  dev: number | undefined = undefined
  ino: Whole | undefined = undefined
  flags: number | undefined = undefined
  family: number | undefined = undefined
  sockType: number | undefined = undefined
  proto: number | undefined = undefined
  tcpState: number | undefined = undefined
  localIp: string | undefined = undefined
  localPort: number | undefined = undefined
  remoteIp: string | undefined = undefined
  remotePort: number | undefined = undefined
  source: string | undefined = undefined
  dest: string | undefined = undefined
  path: string | undefined = undefined
  role: Role = Role.Unknown
  connected = false
  /** overlayfs layer of the file */
  layer: 'upper' | 'lower' | undefined = undefined
  /** batch time (ns) at which this descriptor came to be; -1 when it existed before the capture */
  born = -1

  /** socket address bytes last seen in a transfer, to recognise the same ones cheaply */
  tuple: Uint8Array | undefined = undefined
  /** kept for printers only */
  printed: Printed | undefined = undefined
  /** what a filter last said of this descriptor (filter/remember.ts), 0: nothing; changed() forgets it */
  verdict = 0
  /** lies in more than one table, or did: a table that forgets it cannot tell that nobody has it any more */
  shared = false

  constructor(num: number, type: FdType, name: string) {
    this.num = num
    this.type = type
    this.name = name
  }

  /** A descriptor of which nothing else is known. Where one was given back, it is that. */
  static make(num: number, type: FdType, name: string): Fd {
    const fd = spare.pop()
    if (fd === undefined) return new Fd(num, type, name)
    fd.begin(num, type, name)
    return fd
  }

  /** Nobody has this descriptor any more: make() may use it again. Opens are too frequent to leave garbage each. */
  giveBack(): void {
    if (!this.shared && spare.length < MOST_SPARE) spare.push(this)
  }

  private begin(num: number, type: FdType, name: string): void {
    this.num = num
    this.type = type
    this.name = name
    this.nameRaw = undefined
    this.dev = undefined
    this.ino = undefined
    this.flags = undefined
    this.family = undefined
    this.sockType = undefined
    this.proto = undefined
    this.tcpState = undefined
    this.localIp = undefined
    this.localPort = undefined
    this.remoteIp = undefined
    this.remotePort = undefined
    this.source = undefined
    this.dest = undefined
    this.path = undefined
    this.role = Role.Unknown
    this.connected = false
    this.layer = undefined
    this.born = -1
    this.tuple = undefined
    this.printed = undefined
    this.verdict = 0
  }

  /** Has to follow each change of what a filter can ask about a descriptor that events had before. */
  changed(): void {
    this.verdict = 0
  }

  /** The same file at another number. */
  at(num: number): Fd {
    const fd = Fd.make(num, this.type, this.name)
    fd.nameRaw = this.nameRaw
    fd.dev = this.dev
    fd.ino = this.ino
    fd.flags = this.flags
    fd.family = this.family
    fd.sockType = this.sockType
    fd.proto = this.proto
    fd.tcpState = this.tcpState
    fd.localIp = this.localIp
    fd.localPort = this.localPort
    fd.remoteIp = this.remoteIp
    fd.remotePort = this.remotePort
    fd.source = this.source
    fd.dest = this.dest
    fd.path = this.path
    fd.role = this.role
    fd.connected = this.connected
    fd.layer = this.layer
    fd.born = this.born
    fd.tuple = this.tuple
    fd.printed = this.printed
    fd.verdict = this.verdict
    return fd
  }
}
