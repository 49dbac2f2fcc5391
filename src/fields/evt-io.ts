// evt.*: input and output, waiting, and how files were opened.
import type { Event } from '../model/event.js'
import { OPENED } from '../schema/abi.js'
import { type FieldDef, field, type Getter } from './field.js'
import { bytesMoved, fdKind, isRead, isWrite } from './io.js'
import { byName } from './params.js'
import { result } from './result.js'
import { isSyslog } from './syslog.js'

const bytes = (doc: string, when?: (e: Event) => boolean, more: Pick<FieldDef, 'rowOnly'> = {}) =>
  field({
    type: 'uint64',
    doc,
    cost: when === undefined ? 1 : 4,
    perTransfer: true,
    ...more,
    make: (): Getter<number> => (e) => (when === undefined || when(e) ? bytesMoved(e) : undefined),
  })

const findFlags = byName('flags')
const findMode = byName('mode')

// Values of the same flags in the kernel (live captures and their files) and in libs (.scap, independent of the
// platform).
const O_CREAT = { native: 0o100, portable: 4 }
const O_TMPFILE = { native: 0o20000000, portable: 8192 }
const CREATED = { native: OPENED.CREATED, portable: 16384 }

/** Flags of a call that opened a file; -1 for other calls, and for creat, which has none. */
function openFlags(e: Event): number {
  if ((e.type & 1) === 0 || e.def.opens === undefined) return -1
  const p = findFlags(e)
  return p < 0 ? -1 : (e.number(p) ?? -1)
}

/** Bit 1: opened for reading, bit 2: for writing. */
function access(e: Event): number {
  if (e.def.opens === 'creating') return (e.type & 1) === 1 ? 2 : 0
  const flags = openFlags(e)
  if (flags < 0) return 0
  return e.batch.native ? Math.min((flags & 3) + 1, 3) : flags & 3
}

function opensExecutable(e: Event): boolean {
  const { opens } = e.def
  if ((e.type & 1) === 0 || opens === undefined) return false
  const flags = openFlags(e)
  const kind = e.batch.native ? 'native' : 'portable'
  if (opens !== 'creating' && (flags < 0 || (flags & (O_CREAT[kind] | O_TMPFILE[kind])) === 0)) return false
  const p = findMode(e)
  return p >= 0 && ((e.number(p) ?? 0) & 0o111) !== 0
}

export const fields = {
  'evt.count.open': field({
    type: 'uint32',
    doc: '1 for a call that opens a file (any of the open family), otherwise absent.',
    cost: 1,
    rowOnly: 'each',
    make: () => (e) => ((e.type & 1) === 1 && e.def.opens !== undefined ? 1 : undefined),
  }),
  'evt.buflen': field({
    type: 'uint64',
    doc: 'Bytes read or written; for other calls on a descriptor, their result.',
    cost: 4,
    perTransfer: true,
    make: () => (e) => {
      const moved = bytesMoved(e)
      if (moved !== undefined || e.def.category !== 'io_other' || e.fd === undefined) return moved
      const r = result(e)
      return r === undefined || r < 0 ? undefined : r
    },
  }),
  'evt.buflen.in': bytes('Bytes read or received.', isRead, { rowOnly: 'each' }),
  'evt.buflen.out': bytes('Bytes written or sent.', isWrite, { rowOnly: 'each' }),
  'evt.buflen.file': bytes('Bytes read from or written to files.', (e) => fdKind(e) === 'file'),
  'evt.buflen.file.in': bytes('Bytes read from files.', (e) => fdKind(e) === 'file' && isRead(e)),
  'evt.buflen.file.out': bytes('Bytes written to files.', (e) => fdKind(e) === 'file' && isWrite(e)),
  'evt.buflen.net': bytes('Bytes received from or sent to the network.', (e) => fdKind(e) === 'net'),
  'evt.buflen.net.in': bytes('Bytes received from the network.', (e) => fdKind(e) === 'net' && isRead(e)),
  'evt.buflen.net.out': bytes('Bytes sent to the network.', (e) => fdKind(e) === 'net' && isWrite(e)),
  'evt.is_io': field({
    type: 'bool',
    doc: 'True for calls that move data, as read and sendto do.',
    cost: 1,
    rowOnly: 'same',
    make: () => (e) => isRead(e) || isWrite(e),
  }),
  'evt.is_io_read': field({
    type: 'bool',
    doc: 'True for calls that read data; for a copy between two descriptors, on the side of its source.',
    cost: 1,
    perTransfer: true,
    rowOnly: 'same',
    make: () => isRead,
  }),
  'evt.is_io_write': field({
    type: 'bool',
    doc: 'True for calls that write data; for a copy between two descriptors, on the side of its target.',
    cost: 1,
    perTransfer: true,
    rowOnly: 'same',
    make: () => isWrite,
  }),
  'evt.io_dir': field({
    type: 'string',
    doc: 'read or write, for calls that move data.',
    among: ['read', 'write'],
    cost: 1,
    rowOnly: 'each',
    perTransfer: true,
    make: () => (e) => (isWrite(e) ? 'write' : isRead(e) ? 'read' : undefined),
  }),
  'evt.is_wait': field({
    type: 'bool',
    doc: 'True for calls that wait, such as poll and nanosleep.',
    cost: 1,
    rowOnly: 'same',
    make: () => (e) => e.def.waits === true,
  }),
  'evt.wait_latency': field({
    type: 'reltime',
    doc: 'Nanoseconds spent in a call that waits.',
    cost: 1,
    needs: ['latency'],
    rowOnly: 'sum',
    make: () => (e) => (e.def.waits === true ? e.latency : undefined),
  }),
  'evt.is_syslog': field({
    type: 'bool',
    doc: 'True for writes to the system log.',
    cost: 4,
    make: () => isSyslog,
  }),
  'evt.is_open_read': field({
    type: 'bool',
    doc: 'True when a file was opened for reading.',
    cost: 16,
    make: () => (e) => (access(e) & 1) !== 0,
  }),
  'evt.is_open_write': field({
    type: 'bool',
    doc: 'True when a file was opened for writing.',
    cost: 16,
    make: () => (e) => (access(e) & 2) !== 0,
  }),
  'evt.is_open_exec': field({
    type: 'bool',
    doc: 'True when a file was opened for creation with execute permission.',
    cost: 16,
    make: () => opensExecutable,
  }),
  'evt.is_open_create': field({
    type: 'bool',
    doc: 'True when opening created the file.',
    cost: 16,
    make: () => (e) => {
      const flags = openFlags(e)
      const kind = e.batch.native ? 'native' : 'portable'
      if (flags <= 0 || e.ret < 0) return false
      if ((flags & CREATED[kind]) !== 0) return true
      // files of libs set this bit for directories too, which cannot be opened for writing
      return (flags & O_TMPFILE[kind]) !== 0 && (access(e) & 2) !== 0
    },
  }),
}
