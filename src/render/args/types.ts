// How arguments are written, by parameter type: the only such table, for all renderers.
import type { ParamDef, ParamType } from '../../schema/types.js'
import { address, ipv6, tuple } from './addresses.js'
import { dyn } from './dynamic.js'
import { fdlist } from './fdlist.js'
import { fd, group, pid, user } from './ids.js'
import { buffer, list, struct, text } from './memory.js'
import { errno, flags, number } from './numbers.js'
import { path } from './paths.js'
import { bool, double, duration, ipv4, signal, signals, time } from './quantities.js'
import { NO_TEXT, NO_VALUE, type WriteBytes, type WriteNumber } from './write.js'

type BytesType =
  | 'charbuf'
  | 'charbufarray'
  | 'fspath'
  | 'fsrelpath'
  | 'bytebuf'
  | 'struct'
  | 'dyn'
  | 'fdlist'
  | 'sockaddr'
  | 'socktuple'
  | 'ipv6addr'

const BYTES: Readonly<Record<BytesType, (def: ParamDef) => WriteBytes>> = {
  charbuf: () => text,
  charbufarray: () => list,
  fspath: path,
  fsrelpath: path,
  bytebuf: buffer,
  struct,
  dyn,
  fdlist: () => fdlist,
  sockaddr: () => address,
  socktuple: () => tuple,
  ipv6addr: () => ipv6,
}

const NUMBERS: Readonly<Record<Exclude<ParamType, BytesType>, (p: number, def: ParamDef) => WriteNumber>> = {
  int8: number,
  int16: number,
  int32: number,
  int64: number,
  uint8: number,
  uint16: number,
  uint32: number,
  uint64: number,
  syscallid: number,
  port: number,
  errno,
  flags8: flags,
  flags16: flags,
  flags32: flags,
  enumflags8: flags,
  enumflags16: flags,
  enumflags32: flags,
  mode: flags,
  fd,
  fd32: fd,
  pid,
  pid32: pid,
  uid: user,
  gid: group,
  sigtype: signal,
  sigset: signals,
  reltime: duration,
  abstime: time,
  bool,
  double,
  ipv4addr: ipv4,
}

/** The writer of a parameter that consists of bytes; undefined if its type is a number. */
export function bytesWriter(def: ParamDef): WriteBytes | undefined {
  return BYTES[def.type as BytesType]?.(def)
}

/** The writer of a number, which is parameter p of its event; undefined if its type is not a number. */
export function numberWriter(p: number, def: ParamDef): WriteNumber | undefined {
  return NUMBERS[def.type as keyof typeof NUMBERS]?.(p, def)
}

/** The text of this parameter when it is absent. */
export function absentText(def: ParamDef): string {
  return def.type === 'charbuf' || def.type === 'fspath' || def.type === 'fsrelpath' ? NO_TEXT : NO_VALUE
}
