// The paths that a call works on, as given and absolute. Which they are follows from the declared parameters: one path
// parameter is the path, of two the first is the source; links made by name keep their text as source.
import type { Event } from '../model/event.js'
import { resolvePath } from '../model/paths.js'
import type { EventDef } from '../schema/types.js'

/** Parameter indexes of an event's paths; -1 when it has none. */
interface PathParams {
  readonly name: number
  readonly source: number
  readonly target: number
}

const SLASH = 47

export type Which = keyof PathParams

/** What was found out about an event, by its code. */
const known: { readonly def: EventDef; readonly params: PathParams }[] = []

function pathParams(def: EventDef): PathParams {
  const found = known[def.code]
  // a capture may bring events of its own
  if (found !== undefined && found.def === def) return found.params
  const params = declaredPaths(def)
  known[def.code] = { def, params }
  return params
}

function declaredPaths(def: EventDef): PathParams {
  const paths: number[] = []
  def.params.forEach((p, i) => {
    if (p.type === 'fspath' || p.type === 'fsrelpath') paths.push(i)
  })
  const first = paths[0] ?? -1
  if (def.name.startsWith('exec')) return { name: -1, source: -1, target: -1 }
  if (def.name === 'symlink' || def.name === 'symlinkat')
    return { name: -1, source: def.params.findIndex((p) => p.name === 'target'), target: first }
  if (def.name === 'mount') return { name: -1, source: def.params.findIndex((p) => p.name === 'dev'), target: first }
  if (paths.length > 1) return { name: -1, source: first, target: paths[1] as number }
  return { name: first, source: -1, target: -1 }
}

/** The path as the caller gave it; undefined when the event has none of that kind. */
export function rawPath(e: Event, which: Which): string | undefined {
  const p = pathParams(e.def)[which]
  return p < 0 ? undefined : e.text(p)
}

/** The path made absolute by the directory descriptor or the working directory. */
export function absolutePath(e: Event, which: Which): string | undefined {
  const p = pathParams(e.def)[which]
  const path = p < 0 ? undefined : e.text(p)
  if (path === undefined) return undefined
  return resolvePath(path.charCodeAt(0) === SLASH ? '' : baseDirectory(e, p), path)
}

/** The directory that a relative path in parameter p starts from, '' when unknown. */
function baseDirectory(e: Event, p: number): string {
  const t = e.thread
  if (t === undefined) return ''
  const dirfd = e.def.params[p]?.dirfd
  const fd = dirfd === undefined ? -100 : (e.number(dirfd) ?? -100)
  if (fd === -100) return t.cwd || t.leader.cwd
  return t.fdTable.fds.get(fd)?.name ?? ''
}

/** Whether a failed or path-only event may lend its path to the fd fields: it would have made the descriptor. */
export function opensPath(e: Event): boolean {
  return (e.type & 1) === 1 && mayOpenPath(e.def)
}

/** The same of an event by its definition: its enter event does not. */
export function mayOpenPath(def: EventDef): boolean {
  return def.fdEffect === 'creates' && pathParams(def).name >= 0
}
