// The events and fields that a report needs: they decide what a live capture records, and which parts of a file are read.
import { EVENTS } from '../schema/events/index.js'
import { PRIVILEGED_CALLS } from './privileges.js'

const FILE_CALLS = EVENTS.flatMap((def) =>
  def !== undefined &&
  (def.code & 1) === 1 &&
  (def.opens !== undefined || def.changesFiles === true || def.task === 'exec')
    ? [def.name]
    : [],
)
const CALLS = [...new Set([...FILE_CALLS, ...PRIVILEGED_CALLS, 'connect', 'bind', 'listen', 'procexit'])]

/** As a filter: calls on files, programs, privileges, and what moves data over the network or was refused. */
export const REPORT_FILTER = [
  `evt.type in (${CALLS.join(', ')})`,
  'evt.res in (EPERM, EACCES)',
  '(evt.is_io = true and fd.type in (ipv4, ipv6))',
  '(evt.type = getsockopt and evt.arg.optname = SO_ERROR)',
  '(evt.is_io = true and fd.type = unix and fd.name contains /io.systemd.Resolve)',
].join(' or ')

/** Arguments whose text says what a call did. */
const ARGUMENTS = [
  'request',
  'dir',
  'name',
  'path',
  'new_root',
  'flags',
  'cmd',
  'mode',
  'domain',
  'type',
  'filename',
  'fd',
  'addr',
  'optname',
  'val',
]

/** Fields whose values come from the data of calls. */
const OF_DATA = ['fd.dns.name', 'dns.question', 'http.url']

/** The fields; data: the capture may contain the data of calls. */
export function reportFields(data: boolean): readonly string[] {
  return data ? [...FIELDS, ...OF_DATA] : FIELDS
}

const FIELDS: readonly string[] = [
  ...[
    'evt.type',
    'evt.res',
    'evt.abspath',
    'evt.buflen',
    'evt.is_open_read',
    'evt.is_open_write',
    'evt.is_open_create',
  ],
  ...['fd.name', 'fd.type', 'fd.rip', 'fd.sip', 'fs.path.name', 'fs.path.source', 'fs.path.target'],
  ...['proc.pid', 'proc.name', 'proc.exepath', 'proc.args', 'proc.cwd', 'user.uid', 'thread.cap_permitted'],
  ...ARGUMENTS.map((arg) => `evt.arg.${arg}`),
]
