// Names of files, hosts and programs without the parts that differ between runs: process ids, temporary names, hashes, dates, ports.

import { isInside } from './places.js'

const PROCESS = /^\/proc\/\d+(?=\/|$)/
const TASK = /^(\/proc\/[^/]+\/task)\/\d+(?=\/|$)/
const OF_DESCRIPTOR = /^(\/proc\/[^/]+(?:\/task\/[^/]+)?\/(?:fd|fdinfo|map_files))\/[^/]+/
const PIECES = /[-_.,+@=~]+|[^-_.,+@=~]+/g
/** A date, and the time of day after it, as names of logs contain them. */
const DATE = /\d{4}-\d\d-\d\d(?:[T_-]\d\d[-_:.]?\d\d(?:[-_:.]?\d\d(?:[-_:.]\d+)?)?Z?)?/g
const RANDOM = '*'

/** The first port that Linux chooses itself for a socket (net.ipv4.ip_local_port_range). */
const FIRST_EPHEMERAL = 32768

/** Names of a capture. The working folder keeps its name, so that files inside it can be recognized. */
export class Names {
  /** '' or '/': unknown */
  folder = ''

  /** A path as it is the same in each run. */
  stable(path: string): string {
    const { folder } = this
    if (folder.length < 2 || !isInside(path, folder)) return stablePath(path)
    return folder + stablePath(path.slice(folder.length))
  }

  /** A sentence that may end with a path, in the same way. */
  stableIn(text: string): string {
    const at = text.indexOf('/')
    return at < 0 ? text : text.slice(0, at) + this.stable(text.slice(at))
  }
}

/** A path as it is the same in each run. */
export function stablePath(path: string): string {
  if (path.startsWith('/proc/'))
    return path.replace(PROCESS, '/proc/PID').replace(TASK, '$1/TID').replace(OF_DESCRIPTOR, '$1/N')
  // paths without these contain nothing random
  if (!/\d|[A-Z]|tmp|pip-/.test(path)) return path
  const parts = path.split('/')
  const stable = parts.map(stableName)
  // caches put files into folders that are named by the first digits of a hash
  for (let i = parts.length - 1; i > 0; i--)
    if (stable[i]?.startsWith(RANDOM) && /^[0-9a-f]{1,2}$/.test(parts[i - 1] as string)) stable[i - 1] = RANDOM
  return stable.join('/')
}

/** One component of a path: dates, pieces that look random, and long numbers become `*`. */
function stableName(given: string): string {
  const name = given.replace(DATE, RANDOM)
  const template = TEMPLATES.find((t) => t.test(name))
  if (template !== undefined) return name.replace(template, `$1${RANDOM}`)
  const pieces = name.match(PIECES) ?? []
  return pieces.map((piece) => (isRandom(piece) ? RANDOM : piece)).join('')
}

/** Names that programs make with mkstemp, by what precedes the random part: of gcc, Python, mktemp, git and pip. */
const TEMPLATES = [
  /^(cc)[A-Za-z0-9]{6}(?=\.|$)/,
  /^(tmp)[a-z0-9_]{8}(?=\.|$)/,
  /^((?:tmp|temp)[.-])[A-Za-z0-9]{6,}(?=\.|$)/,
  /^(\.?tmp_(?:obj|pack|idx|rev)_)\w{6}$/,
  /^(pip-[a-z-]+-)[a-z0-9_]{8}(?=$|\.)/,
]

/** Fewest characters of a part that counts as random, of a hexadecimal one, and of a number. */
const LEAST_MIXED = 6
const LEAST_HASH = 8
const LEAST_NUMBER = 4

function isRandom(piece: string): boolean {
  const { length } = piece
  if (/^\d+$/.test(piece)) return length >= LEAST_NUMBER
  if (length < LEAST_MIXED) return false
  return isMixed(piece) || (length >= LEAST_HASH && /^[0-9a-f]+$/i.test(piece) && /\d/.test(piece))
}

/** Whether letters and digits, or large and small letters, alternate as they do in no word. */
function isMixed(piece: string): boolean {
  if (!/^[A-Za-z0-9]+$/.test(piece)) return false
  let changes = 0
  for (let i = 1; i < piece.length; i++) if (kind(piece, i) !== kind(piece, i - 1)) changes++
  return changes >= 3 && changes * 3 >= piece.length
}

function kind(text: string, i: number): number {
  const c = text.charCodeAt(i)
  return c < 58 ? 0 : c < 91 ? 1 : 2
}

/** A port of a server; `*` for one that the kernel chose. */
export function stablePort(port: number): string {
  return port >= FIRST_EPHEMERAL ? RANDOM : String(port)
}

/** Name of the part of a path after the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
