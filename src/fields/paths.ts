// The paths that a call operates on, as given and absolute. They follow from the declared parameters: a single path
// parameter is the path; of two, the first is the source, or those declared as source and target.
import type { Event } from '../model/event.js'
import { resolvePath } from '../model/paths.js'
import type { EventDef } from '../schema/types.js'

/** Parameter indexes of an event's paths; -1 if it has none. */
interface PathParams {
  readonly name: number
  readonly source: number
  readonly target: number
  /** first and second path of a call that may take directory descriptors */
  readonly src: number
  readonly dst: number
  /** parameter that determines whether an event has two paths, if that varies between events; otherwise -1 */
  readonly pair: number
  /** whether one may be relative to a directory descriptor */
  readonly relative: boolean
}

const SLASH = 47

export type Which = Exclude<keyof PathParams, 'relative' | 'pair'>

/** Cached results by event code. */
const known: { readonly def: EventDef; readonly params: PathParams }[] = []

function pathParams(def: EventDef): PathParams {
  const found = known[def.code]
  // a capture may define events of its own
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
  const [first = -1, second = -1] = paths
  const relative = def.params.some((p) => p.dirfd !== undefined)
  const none = { name: -1, source: -1, target: -1, src: first, dst: second < 0 ? first : second, pair: -1, relative }
  if (def.params[second]?.optional) return { ...none, name: first, source: first, target: second, pair: second }
  const source = def.params.findIndex((p) => p.role === 'source')
  if (source >= 0) return { ...none, source, target: def.params.findIndex((p) => p.role === 'target') }
  return second < 0 ? { ...none, name: first } : { ...none, source: first, target: second }
}

/** Whether a path is among the call's arguments. */
export function takesPath(def: EventDef): boolean {
  return pathParams(def).src >= 0
}

/** Whether a path among the call's arguments may be relative to a directory descriptor. */
export function mayStartFromDirectory(def: EventDef): boolean {
  return pathParams(def).relative
}

/** Index of the event's path of that kind; -1 if it has none. */
function indexOf(e: Event, which: Which): number {
  const params = pathParams(e.def)
  const { pair } = params
  if (pair < 0 || e.has(pair)) return pair >= 0 && which === 'name' ? -1 : params[which]
  return which === 'source' || which === 'target' ? -1 : params.src
}

/** The path as the caller passed it; undefined if the event has none of that kind. */
export function rawPath(e: Event, which: Which): string | undefined {
  const p = indexOf(e, which)
  return p < 0 ? undefined : e.text(p)
}

/** The path made absolute by means of the directory descriptor or the working directory. */
export function absolutePath(e: Event, which: Which): string | undefined {
  const p = indexOf(e, which)
  const path = p < 0 ? undefined : e.text(p)
  if (path === undefined) return undefined
  // the descriptor's path is better than the given one: only the kernel resolves links before `..`
  if (e.def.opens !== undefined && e.ret >= 0 && e.fd?.type === 'file' && e.fd.name !== '') return e.fd.name
  return resolvePath(path.charCodeAt(0) === SLASH ? '' : baseDirectory(e, p), path)
}

/** The directory that a relative path in parameter p is relative to; '' if unknown. */
function baseDirectory(e: Event, p: number): string {
  const t = e.thread
  if (t === undefined) return ''
  const dirfd = e.def.params[p]?.dirfd
  const fd = dirfd === undefined ? -100 : (e.number(dirfd) ?? -100)
  if (fd === -100) return t.cwd || t.leader.cwd
  return t.fdTable.fds.get(fd)?.name ?? ''
}

/** Whether fd fields may use the path of a call without a descriptor: the call would have created it. */
export function opensPath(e: Event): boolean {
  return (e.type & 1) === 1 && mayOpenPath(e.def)
}

/** The same for the event type: false for its enter event. */
export function mayOpenPath(def: EventDef): boolean {
  return def.fdEffect === 'creates' && pathParams(def).name >= 0
}
