// syslog.*: messages that programs write to the socket of the system log.
import type { Event } from '../model/event.js'
import { decodeText } from '../model/text.js'
import { field, type Getter } from './field.js'
import { isWrite } from './io.js'
import { byName } from './params.js'

const SEVERITY = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug']
const FACILITY = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'clock',
  'authpriv',
  'ftp',
  'ntp',
  'logaudit',
  'logalert',
  'cron',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
]

/** Whether the event writes to the system log. */
export function isSyslog(e: Event): boolean {
  const fd = e.fd
  if (fd === undefined || fd.type !== 'unix' || !isWrite(e)) return false
  return (fd.path ?? fd.name).endsWith('/dev/log')
}

const findData = byName('data')
const LT = 60
const GT = 62

/** Start of the text in a message `<PRI>text`, and its priority; reused. */
const message = { priority: 0, at: 0, end: 0 }

function parse(e: Event): typeof message | undefined {
  if (!isSyslog(e)) return undefined
  const p = findData(e)
  const at = p < 0 ? -1 : e.varAt(p)
  if (at < 0) return undefined
  const arena = e.batch.arena
  const end = at + e.varLen(at)
  if (arena[at] !== LT) return undefined
  let priority = 0
  for (let i = at + 1; i < end && i < at + 5; i++) {
    const c = arena[i] as number
    if (c === GT) {
      if (i === at + 1 || priority > 191) return undefined
      message.priority = priority
      message.at = i + 1
      message.end = end
      return message
    }
    if (c < 48 || c > 57) return undefined
    priority = priority * 10 + c - 48
  }
  return undefined
}

/** The message for evt.info; undefined if the event writes none. */
export function syslogText(e: Event): string | undefined {
  if (e.fd === undefined || e.fd.type !== 'unix') return undefined
  const m = parse(e)
  if (m === undefined) return undefined
  return `syslog sev=${SEVERITY[m.priority & 7]} msg=${decodeText(e.batch.arena, m.at, m.end)}`
}

const priority =
  <T extends string | number>(of: (priority: number) => T | undefined) =>
  (): Getter<T> =>
  (e) => {
    const m = parse(e)
    return m === undefined ? undefined : of(m.priority)
  }

export const fields = {
  'syslog.facility.str': field({
    type: 'string',
    doc: 'Facility of a message to the system log, as a word.',
    cost: 16,
    needs: ['buffers'],
    make: priority((p) => FACILITY[p >> 3]),
  }),
  'syslog.facility': field({
    type: 'uint32',
    doc: 'Facility of a message to the system log, 0 to 23.',
    cost: 16,
    needs: ['buffers'],
    make: priority((p) => p >> 3),
  }),
  'syslog.severity.str': field({
    type: 'string',
    doc: 'Severity of a message to the system log, as a word.',
    cost: 16,
    needs: ['buffers'],
    make: priority((p) => SEVERITY[p & 7]),
  }),
  'syslog.severity': field({
    type: 'uint32',
    doc: 'Severity of a message to the system log, 0 (worst) to 7.',
    cost: 16,
    needs: ['buffers'],
    make: priority((p) => p & 7),
  }),
  'syslog.message': field({
    type: 'string',
    doc: 'Text of a message to the system log.',
    cost: 64,
    needs: ['buffers'],
    make: () => (e) => {
      const m = parse(e)
      return m === undefined ? undefined : decodeText(e.batch.arena, m.at, m.end)
    },
  }),
}
