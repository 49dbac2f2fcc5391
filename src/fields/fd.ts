// fd.*: the descriptor of an event.

import type { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import { tupleText } from '../render/args/addresses.js'
import { errnoName } from '../schema/errno.js'
import { FD_TYPES, type NewFd } from '../schema/facts.js'
import type { EventDef } from '../schema/types.js'
import { fdName, l4proto, typeChar } from '../state/fd-name.js'
import { isInet, isServer, isSocket } from '../state/socket-sides.js'
import { type FieldDef, type FieldType, type FieldValue, field, stateOf } from './field.js'
import { byName } from './params.js'
import { absolutePath, mayOpenPath, opensPath, rawPath } from './paths.js'

/** A field that depends on the event's descriptor only. */
export function fdField<T extends FieldValue>(
  type: FieldType,
  doc: string,
  get: (fd: Fd) => T | undefined,
  more: Partial<FieldDef<T>> = {},
): FieldDef<T> {
  return field<T>({
    type,
    doc,
    cost: 4,
    fdOnly: {},
    make: () => (e) => {
      const fd = e.fd
      return fd === undefined ? undefined : get(fd)
    },
    ...more,
  })
}

/** Whether the row has every parameter that libs records for such an event. */
function isComplete(e: Event): boolean {
  const { form } = e
  return form === undefined || (!form.generic && e.def.params.every((p, i) => p.added || form.index[i] === i))
}

/**
 * Number of the descriptor. -1 for a call that creates one and has failed or not returned yet; a negative argument,
 * such as AT_FDCWD, is the value itself.
 */
function number(e: Event): number | undefined {
  if (e.fdNum >= 0) return e.fdNum
  const { fd, fdEffect } = e.def
  if (fdEffect === 'creates') return e.form?.generic === true ? undefined : -1
  if (fd === undefined || e.reading || !isComplete(e)) return undefined
  const given = e.number(fd)
  return given !== undefined && given < 0 ? given : undefined
}

const findTuple = byName('tuple')

/** Both ends that a failed connect was called with. */
function requestedEnds(e: Event): string | undefined {
  const p = e.ret < 0 && (e.type & 1) === 1 ? findTuple(e) : -1
  return p >= 0 && e.has(p) ? tupleText(e, p) : undefined
}

/** Failed calls have the name that they were called with. */
const requestedName = { except: (def: EventDef) => def.socket === 'connects', bare: mayOpenPath }

/** Name of the descriptor; for a call that failed to open or connect one, the requested path or ends. */
function name(e: Event): string | undefined {
  if (e.fd !== undefined) return (e.def.socket === 'connects' ? requestedEnds(e) : undefined) ?? fdName(e.fd)
  return opensPath(e) ? absolutePath(e, 'name') : undefined
}

/** Path of a file or directory; undefined for other kinds. */
function filePath(e: Event): string | undefined {
  const t = e.fd?.type
  return t === undefined || t === 'file' || t === 'directory' ? name(e) : undefined
}

function directory(e: Event): string | undefined {
  const path = filePath(e)
  if (path === undefined || e.fd?.type === 'directory') return path
  const cut = path.lastIndexOf('/')
  return cut > 0 ? path.slice(0, cut) : '/'
}

function filename(e: Event): string | undefined {
  if (e.fd?.type !== 'file') return undefined
  const path = fdName(e.fd)
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Type letters of the descriptor that a call creates, used while the descriptor itself is unknown, as in libs. */
const CREATED_LETTER: Readonly<Partial<Record<NewFd['type'], string>>> = {
  file: 'f',
  socket: '4',
  pipe: 'p',
  event: 'e',
  signalfd: 's',
  timerfd: 't',
  inotify: 'i',
}

function letter(e: Event): string | undefined {
  if (e.fd !== undefined) return typeChar(e.fd)
  return number(e) === undefined ? undefined : (CREATED_LETTER[e.def.makes?.type ?? 'other'] ?? 'o')
}

const inContainer = (e: Event, text: string | undefined): string | undefined =>
  text === undefined ? undefined : `${e.thread?.container?.id ?? ''}:${text}`

/** True at the server's end of a connection, false at the client's; undefined if it is not a connection. */
const endOf = (e: Event, addresses: readonly string[]): boolean | undefined =>
  e.fd === undefined || !isInet(e.fd) ? undefined : isServer(e.fd, addresses)

// Device numbers as the kernel encodes them: 12 bits of major number within 20 bits of minor number.
const major = (dev: number): number => (dev >>> 8) & 0xfff
const minor = (dev: number): number => (dev & 0xff) | ((dev >>> 12) & 0xfff00)

function kinds(e: Event): readonly string[] | undefined {
  if (e.thread === undefined || number(e) === undefined) return undefined
  const found: string[] = []
  for (const fd of e.thread.fdTable.fds.values()) if (!found.includes(fd.type)) found.push(fd.type)
  return found
}

export const fields = {
  'fd.num': field({
    type: 'int64',
    doc: 'Number of the descriptor.',
    cost: 1,
    property: 'fdNum',
    make: () => number,
  }),
  'fd.type': fdField(
    'string',
    'Kind of the descriptor: file, directory, ipv4, ipv6, unix, pipe, event ...',
    (fd) => fd.type,
    { property: 'fdType', among: FD_TYPES },
  ),
  'fd.typechar': field({
    type: 'string',
    doc: 'Kind of the descriptor as one letter; o when it is not known.',
    cost: 4,
    property: 'fdLetter',
    fdOnly: { bare: () => true },
    make: () => letter,
  }),
  'fd.name': field({
    type: 'string',
    doc: 'Path of a file (for a failed open, links before /../ are not followed), ends of a connection, or another name.',
    cost: 16,
    literals: { kind: 'text', of: 'descriptor' },
    fdOnly: requestedName,
    make: () => name,
  }),
  'fd.nameraw': field({
    type: 'string',
    doc: 'Path as the program passed it when it opened the descriptor; empty if that was not seen.',
    cost: 16,
    make: () => (e) => {
      if (e.fd !== undefined) return e.fd.nameRaw ?? (e.fd.born >= 0 ? filePath(e) : undefined) ?? ''
      return opensPath(e) ? rawPath(e, 'name') : undefined
    },
  }),
  'fd.directory': field({
    type: 'string',
    doc: 'Directory of a file.',
    cost: 64,
    literals: { kind: 'text', of: 'descriptor' },
    fdOnly: requestedName,
    make: () => directory,
  }),
  'fd.filename': field({
    type: 'string',
    doc: 'Name of a file, without its directory.',
    cost: 64,
    literals: { kind: 'text', of: 'descriptor' },
    fdOnly: {},
    make: () => filename,
  }),
  'fd.containername': field({
    type: 'string',
    doc: "The container's id, a colon, and the descriptor's name.",
    cost: 64,
    make: () => (e) => inContainer(e, name(e)),
  }),
  'fd.containerdirectory': field({
    type: 'string',
    doc: "The container's id, a colon, and the file's directory.",
    cost: 64,
    make: () => (e) => inContainer(e, directory(e)),
  }),
  'fd.l4proto': fdField(
    'string',
    'Protocol of a socket: tcp, udp, icmp, raw, or <NA>.',
    (fd) => l4proto(fd) ?? '<NA>',
    { property: 'protocol', among: ['tcp', 'udp', 'icmp', 'raw', '<NA>'] },
  ),
  'fd.sockfamily': fdField(
    'string',
    'ip for internet sockets, unix for local ones.',
    (fd) => (isInet(fd) ? 'ip' : fd.type === 'unix' ? 'unix' : undefined),
    { property: 'socket', among: ['ip', 'unix'] },
  ),
  'fd.is_server': field({
    type: 'bool',
    doc: 'True when the process is the server of the connection.',
    cost: 4,
    fdOnly: {},
    make: (ctx) => (e) => (e.fd === undefined ? undefined : isServer(e.fd, stateOf(ctx, e).info.addresses)),
  }),
  'fd.sproc': field({
    type: 'string',
    doc: "Name of the server's process, in events of the server's end of a connection.",
    cost: 4,
    make: (ctx) => (e) =>
      endOf(e, stateOf(ctx, e).info.addresses) === true ? e.thread?.leader.comm || undefined : undefined,
  }),
  'fd.cproc': field({
    type: 'string',
    doc: "Name of the client's process, in events of the client's end of a connection.",
    cost: 4,
    make: (ctx) => (e) =>
      endOf(e, stateOf(ctx, e).info.addresses) === false ? e.thread?.leader.comm || undefined : undefined,
  }),
  'fd.connected': fdField('bool', 'True for a connected socket.', (fd) => isSocket(fd) && fd.connected),
  'fd.connect_error': fdField(
    'string',
    'Error of a failed connection (ECONNREFUSED ...): the error of connect, or the later value of SO_ERROR.',
    (fd) => (fd.connectError === 0 ? undefined : errnoName(fd.connectError)),
  ),
  'fd.name_changed': field({
    type: 'bool',
    doc: 'True when the event gave the descriptor a new name or end.',
    cost: 4,
    property: 'nameChanged',
    make: () => (e) => (e.fd === undefined ? undefined : e.fdNameChanged),
  }),
  'fd.uid': field({
    type: 'string',
    doc: 'Thread id and descriptor number in one text.',
    cost: 64,
    make: () => (e) => {
      const n = number(e)
      return n === undefined ? undefined : `${e.tid}${n}`
    },
  }),
  'fd.dev': fdField('int32', 'Device that holds the file.', (fd) => fd.dev ?? 0, { fmt: 'hex' }),
  'fd.dev.major': fdField('int32', "Major number of the file's device.", (fd) => major(fd.dev ?? 0)),
  'fd.dev.minor': fdField('int32', "Minor number of the file's device.", (fd) => minor(fd.dev ?? 0)),
  'fd.ino': fdField('int64', 'Inode number of the file.', (fd) => fd.ino ?? 0, { exact: true }),
  'fd.is_upper_layer': fdField('bool', "True for a file in an overlay's upper layer.", (fd) => fd.layer === 'upper'),
  'fd.is_lower_layer': fdField('bool', "True for a file in an overlay's lower layer.", (fd) => fd.layer === 'lower'),
  'fd.types': field<readonly string[]>({
    type: 'string',
    list: true,
    doc: 'Kinds of all descriptors of the process; fd.types[n] is the kind of descriptor n.',
    among: FD_TYPES,
    arg: { need: 'optional', kind: 'index', doc: 'number of a descriptor' },
    operand: 'left',
    cost: 64,
    make: (_, arg) => {
      if (arg === undefined) return kinds
      const n = Number(arg)
      return (e) => {
        const fd = e.thread?.fdTable.fds.get(n)
        return fd === undefined ? undefined : [fd.type]
      }
    },
  }),
}
