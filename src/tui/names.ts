// Names of descriptors for people: where the kernel keeps a unix socket tells them nothing, and of a path the end tells most.
import { skip, width } from './terminal/width.js'

/** `SOURCE->DEST PATH` of a unix socket, both ends as addresses of the kernel. */
const UNIX = /^[0-9a-f]{1,16}->[0-9a-f]{1,16} ?/
/** The same among arguments: behind the letter of a descriptor, or as the value of one. */
const AMONG = /(?<=<u>|=)[0-9a-f]{16}->(?:[0-9a-f]{16}|0)(?: ([^\s)]\S*)?)?/g

/** The name (fd.name) as it is shown: of a unix socket its path, or `unix` when it has none. */
export function shownName(name: string): string {
  return UNIX.test(name) ? name.replace(UNIX, '') || 'unix' : name
}

/** Arguments (evt.args) as they are shown, with unix sockets named the same way. */
function shownArgs(args: string): string {
  return args.includes('->') ? args.replace(AMONG, (_, path: string | undefined) => path ?? 'unix') : args
}

/** How values of a field are shown that name sockets; undefined for a field that does not. */
export function namesIn(field: string): ((text: string) => string) | undefined {
  return field === 'fd.name' ? shownName : field === 'evt.args' ? shownArgs : undefined
}

/** Fields that name files, besides others. */
const PATHS: ReadonlySet<string> = new Set(['fd.name', 'fd.directory', 'fs.path.name', 'thread.spent.on'])

/** The clean name of a field in at most so many cells: a path loses its beginning. What is no path is left to who draws it. */
export function nameWithin(field: string, name: string, cells: number): string {
  if (!PATHS.has(field) || !name.startsWith('/') || width(name) <= cells || cells < 2) return name
  return `…${skip(name, width(name) - cells + 1)}`
}
