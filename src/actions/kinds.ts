// Which values may be passed to programs, by the kind of their field. Both the requesting process and the runner check them.
import { isIP } from 'node:net'
import { clean } from '../model/sanitize.js'

interface Kind {
  /** whether the value has this kind; otherwise the action is not offered */
  readonly fits: (text: string) => boolean
  /** why a value of this kind must not be passed on, as a clause */
  readonly wrong?: (text: string) => string | undefined
}

const MOST_PATH = 4095
const MOST_TEXT = 1024
/** the kernel's largest pid */
const MOST_PIDS = 4_194_304

const unsafeText = (text: string) =>
  clean(text) === text ? undefined : 'it contains invisible or misleading characters'

const pattern = (re: RegExp): Kind => ({ fits: (text) => re.test(text) })
const number = (least: number, most: number): Kind => ({
  fits: (text) => /^[1-9]\d{0,6}$/.test(text) && Number(text) >= least && Number(text) <= most,
})

const KINDS = {
  pid: number(2, MOST_PIDS),
  port: number(1, 65535),
  /** ns since the epoch */
  timestamp: pattern(/^[1-9]\d{0,19}$/),
  ip: { fits: (text) => isIP(text) !== 0 && !text.includes('%') },
  container: pattern(/^([0-9a-f]{12,64}|[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254})$/),
  image: pattern(/^[a-zA-Z0-9][\w.:/@-]{0,510}$/),
  /** names of Kubernetes objects */
  object: pattern(/^[a-z0-9][a-z0-9.-]{0,252}$/),
  path: {
    fits: (text) => text.startsWith('/'),
    wrong: (text) => (Buffer.byteLength(text) > MOST_PATH ? 'it is too long' : unsafeText(text)),
  },
  text: {
    fits: (text) => text !== '',
    wrong: (text) => (Buffer.byteLength(text) > MOST_TEXT ? 'it is too long' : unsafeText(text)),
  },
} satisfies Record<string, Kind>

/** The kinds of fields; all others are text. */
const FIELDS: Readonly<Record<string, keyof typeof KINDS>> = {
  'proc.pid': 'pid',
  'thread.tid': 'pid',
  'proc.pid.ts': 'timestamp',
  'container.id': 'container',
  'container.image': 'image',
  'k8s.ns.name': 'object',
  'k8s.pod.name': 'object',
  'fd.lip': 'ip',
  'fd.rip': 'ip',
  'fd.lport': 'port',
  'fd.rport': 'port',
  'fd.sport': 'port',
  'fd.name': 'path',
  'fd.directory': 'path',
  'fs.path.name': 'path',
}

const kindOf = (field: string): Kind => KINDS[FIELDS[field] ?? 'text']

/** Whether a field's values are ids of processes or threads. */
export const isProcess = (field: string): boolean => FIELDS[field] === 'pid'
/** Whether a field's values are paths, which mean something else inside a container. */
export const isPath = (field: string): boolean => FIELDS[field] === 'path'

/** Whether a value has the kind of its field. */
export function fits(field: string, value: string): boolean {
  return kindOf(field).fits(value)
}

/** Why a fitting value must not be passed to a program, as a clause; undefined if it may be. */
export function wrongWith(field: string, value: string): string | undefined {
  return kindOf(field).wrong?.(value)
}
