// Shortens descriptor names for display: kernel addresses of unix sockets mean nothing to the user, and the end of a
// path matters most.
import { GLYPHS } from '../model/glyphs.js'
import { skip, width } from './terminal/width.js'

/** `SOURCE->DEST PATH` of a unix socket; both ends are kernel addresses. */
const UNIX = /^[0-9a-f]{1,16}->[0-9a-f]{1,16} ?/
/** The same inside evt.args: after a descriptor's type letter, or as a value. */
const AMONG = /(?<=<u>|=)[0-9a-f]{16}->(?:[0-9a-f]{16}|0)(?: ([^\s)]\S*)?)?/g

/** fd.name as shown: for a unix socket its path, or `unix` if it has none. */
export function shownName(name: string): string {
  return UNIX.test(name) ? name.replace(UNIX, '') || 'unix' : name
}

/** evt.args as shown, with unix sockets named the same way. */
function shownArgs(args: string): string {
  return args.includes('->') ? args.replace(AMONG, (_, path: string | undefined) => path ?? 'unix') : args
}

/** How to show a field that contains socket names; undefined for other fields. */
export function namesIn(field: string): ((text: string) => string) | undefined {
  return field === 'fd.name' ? shownName : field === 'evt.args' ? shownArgs : undefined
}

/** Fields whose values can be paths. */
const PATHS: ReadonlySet<string> = new Set(['fd.name', 'fd.directory', 'fs.path.name', 'thread.spent.on'])

/**
 * Shortens a path to at most `cells` by removing its beginning; other values are returned unchanged. `name` is clean
 * text.
 */
export function nameWithin(field: string, name: string, cells: number): string {
  if (!PATHS.has(field) || !name.startsWith('/') || width(name) <= cells || cells < 2) return name
  return `${GLYPHS.cut}${skip(name, width(name) - cells + 1)}`
}
