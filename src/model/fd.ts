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

  constructor(num: number, type: FdType, name: string) {
    this.num = num
    this.type = type
    this.name = name
  }

  /** The same file at another number. */
  at(num: number): Fd {
    const fd = new Fd(num, this.type, this.name)
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
    return fd
  }
}
