// One parameter of an event to text: a function per parameter type, chosen once per event definition.

import type { FieldContext } from '../../fields/field.js'
import { AF_INET, AF_INET6, AF_UNIX, decodeSockaddr, decodeTuple, ipv4Text, ipv6Text } from '../../model/address.js'
import type { Event } from '../../model/event.js'
import { resolvePath } from '../../model/paths.js'
import type { Thread } from '../../model/thread.js'
import { selected } from '../../schema/cases.js'
import { specialDescriptors } from '../../schema/constants/fcntl.js'
import { nameIn } from '../../schema/constants/own.js'
import { errnoName } from '../../schema/errno.js'
import { flagKind } from '../../schema/flags/convert.js'
import type { Shape } from '../../schema/shape.js'
import { signalName, signalSet } from '../../schema/signals.js'
import { sockaddr } from '../../schema/structs/address.js'
import type { ParamDef } from '../../schema/types.js'
import { fdName, protoChar, typeChar } from '../../state/fd-name.js'
import { isInet } from '../../state/socket-sides.js'
import { messagesText, netlinkProtocol } from '../structs/netlink.js'
import { shapeText } from '../structs/writer.js'
import { bufferText } from './buffer.js'
import { dynText, lineOf } from './dynamic.js'
import { fdlistText } from './fdlist.js'
import { flagCache, lookedAt, VALUES, valuesOf } from './flags.js'
import { abstimeText, exact, numberText, octal, secondsText } from './numbers.js'
import { withPorts } from './ports.js'
import { meaning, NO_TEXT, NO_VALUE } from './resolved.js'

/** Text of a parameter that is there; what it means goes to `meaning`. Both are as recorded: unsafe to print. */
export type Renderer = (e: Event, ctx: FieldContext) => string

const AT_FDCWD = -100
const special = nameIn(specialDescriptors)

type Build = (p: number, def: ParamDef) => Renderer

const number: Build = (p, def) => (e) => {
  if (!lookedAt(e, def)) return '0'
  const n = e.number(p) as number
  if (def.names !== undefined && e.batch.native) meaning.text = def.names(n, e)
  else if (n < 0 && def.wire === 'ret' && e.batch.native) meaning.text = errnoName(n)
  if (def.flags !== undefined && e.batch.native) {
    const portable = flagCache(def.flags, 'flags', e.batch).get(n).value
    return portable.toString(def.fmt === 'hex' ? 16 : 10).toUpperCase()
  }
  return numberText(e, p, n, def.fmt, def.wire)
}

const errno: Build = (p) => (e) => {
  const n = e.number(p) as number
  if (n < 0) meaning.text = errnoName(n)
  return `${exact(e, p, n)}`
}

/** The event's own descriptor is the one the state found; others are looked up. */
const fd: Build = (p, def) => (e, ctx) => {
  const n = e.number(p) as number
  if (n < 0) meaning.text = special(n) ?? errnoName(n)
  else if (isDescriptor(e, def)) meaning.text = fdMeaning(e, n, ctx)
  else meaning.text = def.names?.(n, e)
  return `${n}`
}

/** Some calls return a descriptor for some of their commands only. */
function isDescriptor(e: Event, { fdFor }: ParamDef): boolean {
  return fdFor === undefined || !e.batch.native || fdFor.values.includes(e.number(fdFor.param) ?? Number.NaN)
}

function fdMeaning(e: Event, n: number, ctx: FieldContext): string | undefined {
  const f = e.fdNum === n ? e.fd : e.thread?.fdTable.fds.get(n)
  return f === undefined
    ? undefined
    : `<${typeChar(f)}${protoChar(f)}>${isInet(f) ? withPorts(fdName(f), ctx) : fdName(f)}`
}

/** Below 0 a result is an error, which libs does not name in its own files; an argument is a group of processes, or all. */
const pid: Build = (p, def) => (e, ctx) => {
  const n = e.number(p) as number
  if (n > 0) meaning.text = ctx.state.threads.get(n)?.comm || undefined
  else if (n < 0 && def.wire === 'ret' && e.batch.native) meaning.text = errnoName(n)
  return `${n}`
}

/** Names are those of the thread's container; of the host where there is no thread. */
const userOf = (e: Event, ctx: FieldContext, n: number) =>
  e.thread === undefined ? ctx.state.users.get(n) : ctx.state.userOf(e.thread, n)
const groupOf = (e: Event, ctx: FieldContext, n: number) =>
  e.thread === undefined ? ctx.state.groups.get(n) : ctx.state.groupOf(e.thread, n)

const account =
  (of: (e: Event, ctx: FieldContext, n: number) => { readonly name: string } | undefined): Build =>
  (p) =>
  (e, ctx) => {
    const n = (e.number(p) as number) | 0
    meaning.text = n === -1 ? '<NONE>' : (of(e, ctx, n >>> 0)?.name ?? '<NA>')
    return `${n}`
  }

const charbuf: Build = (p) => (e) => e.text(p) as string

const path: Build = (p, def) => (e) => {
  const text = e.text(p) as string
  if (text !== '' && text.charCodeAt(0) !== 47 && e.thread !== undefined) {
    const dir = startOf(e, e.thread, def.dirfd ?? -1)
    const resolved = resolvePath(dir, text)
    if (resolved !== text) meaning.text = resolved
  }
  return text
}

/**
 * Where a relative path starts: the path of the directory descriptor in parameter `dirfd` (-1: the event has none), or the
 * working directory; '' when unknown.
 */
export function startOf(e: Event, t: Thread, dirfd: number): string {
  const n = dirfd < 0 ? AT_FDCWD : (e.number(dirfd) ?? AT_FDCWD)
  if (n === AT_FDCWD) return t.cwd || t.leader.cwd
  return t.fdTable.fds.get(n)?.name ?? ''
}

const bytebuf: Build = (p, def) => (e, ctx) => {
  const at = e.varAt(p)
  const length = e.varLen(at)
  if (length === 0) return NO_VALUE
  if (def.shape !== undefined && e.batch.native)
    return lineOf(shapeText(e.batch.view, def.shape, at, at + length) ?? NO_VALUE, ctx)
  const protocol = def.messages && ctx.format.buffer === 'dots' ? netlinkProtocol(e) : undefined
  const told = protocol === undefined ? undefined : messagesText(e.batch.view, at, at + length, protocol)
  if (told !== undefined) return told
  return bufferText(e.batch.arena, at, at + length, ctx.format.buffer, ctx.format.fullBuffers)
}

/** Text of a sockaddr parameter: ip:port, a path, or what is wrong with it. */
export function sockaddrText(e: Event, p: number): string {
  const at = e.varAt(p)
  const length = e.varLen(at)
  if (length === 0) return NO_VALUE
  const a = decodeSockaddr(e.batch.arena, at, at + length)
  if (a === undefined) return otherFamily(e, at, at + length)
  return a.family === AF_UNIX ? a.path : `${a.ip}:${a.port}`
}

/** Behind the family the kernel side has put the whole address. */
function otherFamily(e: Event, at: number, end: number): string {
  const { arena, view } = e.batch
  const family = arena[at] as number
  const whole = end - at > 2 && view.getUint16(at + 1, true) === family && family !== AF_INET && family !== AF_INET6
  return (whole ? shapeText(view, sockaddr, at + 1, end) : undefined) ?? badFamily(family)
}

function badFamily(family: number): string {
  return family === AF_INET ? 'INVALID IPv4' : family === AF_INET6 ? 'INVALID IPv6' : `family ${family}`
}

/** Text of a socktuple parameter: both ends, from source to destination. */
export function tupleText(e: Event, p: number): string {
  const at = e.varAt(p)
  const length = e.varLen(at)
  if (length === 0) return NO_VALUE
  const t = decodeTuple(e.batch.arena, at, at + length)
  if (t === undefined) return badFamily(e.batch.arena[at] as number)
  if (t.family === AF_UNIX) return `${t.source}->${t.dest} ${t.path}`
  return `${t.sourceIp}:${t.sourcePort}->${t.destIp}:${t.destPort}`
}

/** Real-time signals, from here on, have no name in other tools' files. */
const REAL_TIME = 32

const sigtype: Build = (p) => (e) => {
  const n = e.number(p) as number
  if (e.batch.native || n < REAL_TIME) meaning.text = signalName(n)
  return `${n}`
}

const sigset: Build = (p) => (e) => signalSet(e.number(p) as number).join(' ')

const NEVER = 2 ** 64

const reltime: Build = (p) => (e) => {
  const n = e.number(p) as number
  if (n >= NEVER) return 'none'
  meaning.text = secondsText(n)
  return `${exact(e, p, n)}`
}

const abstime: Build = (p) => (e) => abstimeText(e.big(p) as bigint)

const named: Build = (p, def) => {
  const kind = flagKind(def.type)
  const table = def.flags
  if (kind === undefined || table === undefined) return number(p, def)
  const caches = VALUES.map((of) => flagCache(table, kind, of))
  const isMode = def.type === 'mode'
  return (e) => {
    const n = e.number(p) as number
    const own = e.batch.native ? def.names?.(n, e) : undefined
    const seen = lookedAt(e, def)
    const t = (caches[seen ? valuesOf(e.batch) : 0] as (typeof caches)[number]).get(seen ? n : 0)
    meaning.text = own ?? t.names
    if (!seen && own !== undefined) return `${n}`
    return isMode ? octal(t.value) : t.text
  }
}

const bool: Build = (p) => (e) => (e.number(p) !== 0 ? 'true' : 'false')

/** Text of an address in four bytes. */
export function ipv4addrText(e: Event, p: number): string {
  const n = e.number(p) as number
  return ipv4Text(Uint8Array.of(n, n >>> 8, n >>> 16, n >>> 24), 0)
}

/** Text of an address in sixteen bytes. */
export function ipv6addrText(e: Event, p: number): string {
  const at = e.varAt(p)
  return e.varLen(at) === 16 ? ipv6Text(e.batch.arena, at) : NO_VALUE
}

/** Items of a list joined by dots. */
export function charbufarrayText(e: Event, p: number): string {
  return (e.list(p) as string[]).join('.')
}

const double: Build = (p) => (e) => {
  const bits = e.big(p) as bigint
  return `${new Float64Array(BigUint64Array.of(bits).buffer)[0]}`
}

/** Text of a struct parameter: what its bytes mean, in a parameter with cases by the value of another. */
export function structText(e: Event, p: number, def: ParamDef): string {
  const at = e.varAt(p)
  const told = def.cases === undefined ? def.shape : caseOf(e, def.cases)
  const shape = e.batch.arch === 'arm64' ? (told?.arm64 ?? told) : told
  if (at < 0 || shape === undefined) return NO_VALUE
  return shapeText(e.batch.view, shape, at, at + e.varLen(at)) ?? NO_VALUE
}

function caseOf(e: Event, { table, by }: NonNullable<ParamDef['cases']>): Shape | undefined {
  const value = e.number(by)
  return value === undefined ? undefined : selected(table, value)?.shape
}

const BUILD: Readonly<Record<ParamDef['type'], Build>> = {
  int8: number,
  int16: number,
  int32: number,
  int64: number,
  uint8: number,
  uint16: number,
  uint32: number,
  uint64: number,
  charbuf,
  bytebuf,
  errno,
  sockaddr: (p) => (e, ctx) => withPorts(sockaddrText(e, p), ctx),
  socktuple: (p) => (e, ctx) => withPorts(tupleText(e, p), ctx),
  fd,
  fd32: fd,
  pid,
  pid32: pid,
  fdlist: (p) => (e) => fdlistText(e, p),
  fspath: path,
  fsrelpath: path,
  syscallid: number,
  sigtype,
  reltime,
  abstime,
  port: number,
  bool,
  dyn: (p, def) => (e, ctx) => dynText(e, p, def, ctx),
  flags8: named,
  flags16: named,
  flags32: named,
  enumflags8: named,
  enumflags16: named,
  enumflags32: named,
  uid: account(userOf),
  gid: account(groupOf),
  double,
  sigset,
  charbufarray: (p) => (e) => charbufarrayText(e, p),
  mode: named,
  ipv4addr: (p) => (e) => ipv4addrText(e, p),
  ipv6addr: (p) => (e) => ipv6addrText(e, p),
  struct: (p, def) => (e) => structText(e, p, def),
}

/** What prints for this parameter when it is absent. */
export function absentText(def: ParamDef): string {
  return def.type === 'charbuf' || def.type === 'fspath' || def.type === 'fsrelpath' ? NO_TEXT : NO_VALUE
}

/** The renderer of parameter p of an event; it may run only on rows in which the parameter is present. */
export function compileParam(p: number, def: ParamDef): Renderer {
  return BUILD[def.type](p, def)
}
