// Writes paths, and the absolute paths of relative ones; usually the directory is the same as for the previous path.

import type { Event } from '../../model/event.js'
import { resolvePath } from '../../model/paths.js'
import { decodeText } from '../../model/text.js'
import type { Thread } from '../../model/thread.js'
import { AT_FDCWD } from '../../schema/special-descriptors.js'
import type { ParamDef } from '../../schema/types.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { holds } from '../bytes/word-tests.js'
import { closeMeaning, openMeaning, type WriteBytes, writeMeaning } from './write.js'

const DOT = 46
const SLASH = 47
const SLASHES = 0x2f2f2f2f

/**
 * The directory to which the last relative path of a thread was relative, usable if a path can simply be appended to
 * it. It was written, as `(dir/`, at `at` in that epoch.
 */
interface LastDir {
  dir: string
  usable: boolean
  epoch: number
  at: number
  length: number
  escapes: number | undefined
}

/** Number of threads with a cached directory. */
const THREADS = 64
const lasts = Array.from(
  { length: THREADS },
  (): LastDir => ({ dir: '', usable: false, epoch: -1, at: 0, length: 0, escapes: undefined }),
)

/** A path as given, and its absolute path if that differs. */
export function path({ dirfd = -1 }: ParamDef): WriteBytes {
  return (out, e, _, at, end) => {
    if (quickly(out, e, at, end, dirfd)) return
    const text = decodeText(e.batch.arena, at, end)
    out.text(text)
    if (text === '' || text.charCodeAt(0) === SLASH || e.thread === undefined) return
    const resolved = resolvePath(startOf(e, e.thread, dirfd), text)
    if (resolved !== text) writeMeaning(out, resolved)
  }
}

/**
 * The k-th shown parameter if it is a text, or a path that is already resolved; read directly from the arena, because
 * filters use these most. undefined for all others.
 */
export function textAlone(e: Event, k: number): string | undefined {
  const type = e.shown[k]?.type
  if (type !== 'charbuf' && type !== 'fspath' && type !== 'fsrelpath') return undefined
  const at = e.varAt(e.shownAt(k))
  if (at < 0) return undefined
  const { arena } = e.batch
  const end = at + e.varLen(at)
  return type === 'charbuf' || end === at || arena[at] === SLASH ? decodeText(arena, at, end) : undefined
}

/**
 * The start of a relative path: the path of the directory descriptor in parameter `dirfd` (-1: the event has none), or
 * the working directory; '' if unknown.
 */
function startOf(e: Event, t: Thread, dirfd: number): string {
  const n = dirfd < 0 ? AT_FDCWD : (e.number(dirfd) ?? AT_FDCWD)
  if (n === AT_FDCWD) return t.cwd || t.leader.cwd
  return t.fdTable.fds.get(n)?.name ?? ''
}

/**
 * Fast case: a path of printable ASCII that can be appended to its directory. Returns false, having written nothing,
 * for any other path.
 */
function quickly(out: ByteWriter, e: Event, at: number, end: number, dirfd: number): boolean {
  const { view, arena } = e.batch
  if (end === at) return true
  if (arena[at] === SLASH) return out.printable(view, at, end)
  if (e.thread === undefined) return false
  if ((arena[at] === DOT || holds(view, at, end, SLASHES)) && hasDots(arena, at, end)) return false
  const dir = startOf(e, e.thread, dirfd)
  const last = lasts[e.thread.tid & (THREADS - 1)] as LastDir
  if (dir !== last.dir) {
    last.dir = dir
    last.usable = dir.charCodeAt(0) === SLASH && dir.length > 1 && resolvePath('', dir) === dir
    last.epoch = -1
  }
  const start = out.length
  if (!last.usable || !out.printable(view, at, end)) return false
  if (last.epoch === out.epoch) {
    out.resolved = out.length + 1
    out.repeat(last.at, last.length, last.escapes)
  } else startsIn(out, last)
  out.repeat(start, end - at)
  closeMeaning(out)
  return true
}

function startsIn(out: ByteWriter, last: LastDir): void {
  last.at = out.length
  openMeaning(out)
  out.text(last.dir)
  out.byte(SLASH)
  last.length = out.length - last.at
  last.escapes = out.escapesIn(last.at)
  last.epoch = out.epoch
}

/** Whether a relative path contains components that must be resolved before it is appended to its directory. */
function hasDots(arena: Uint8Array, from: number, end: number): boolean {
  let before = SLASH
  for (let i = from; i < end; i++) {
    const c = arena[i] as number
    if (before === SLASH && (c === DOT || c === SLASH)) return true
    before = c
  }
  return before === SLASH
}
