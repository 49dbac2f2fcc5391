// Writes paths of arguments straight into a line, and where relative ones lead, which is mostly told by the directory of the
// path before.
import type { Event } from '../../model/event.js'
import { resolvePath } from '../../model/paths.js'
import type { ByteWriter } from '../bytes/byte-writer.js'
import { holds } from '../bytes/word-tests.js'
import { startOf } from './param.js'

const OPEN = 40
const CLOSE = 41
const DOT = 46
const SLASH = 47
const SLASHES = 0x2f2f2f2f

/**
 * The directory that the last relative path of a thread started from; usable when a path may just be put behind it.
 * It was written, as `(dir/`, at `at` in that epoch.
 */
interface LastDir {
  dir: string
  usable: boolean
  epoch: number
  at: number
  length: number
  escapes: number | undefined
}

/** Threads that are told apart. */
const THREADS = 64
const lasts = Array.from(
  { length: THREADS },
  (): LastDir => ({ dir: '', usable: false, epoch: -1, at: 0, length: 0, escapes: undefined }),
)

/** Writes the path at `at`; true when it did nothing, since the path is an unusual one that the renderers must write. */
export function path(out: ByteWriter, e: Event, at: number, dirfd: number): boolean {
  const { view, arena } = e.batch
  const end = at + view.getUint16(at - 2, true)
  if (end === at) return false
  if (arena[at] === SLASH) return !out.printable(view, at, end)
  if (e.thread === undefined) return true
  if ((arena[at] === DOT || holds(view, at, end, SLASHES)) && hasDots(arena, at, end)) return true
  const dir = startOf(e, e.thread, dirfd)
  const last = lasts[e.thread.tid & (THREADS - 1)] as LastDir
  if (dir !== last.dir) {
    last.dir = dir
    last.usable = dir.charCodeAt(0) === SLASH && dir.length > 1 && resolvePath('', dir) === dir
    last.epoch = -1
  }
  const start = out.length
  if (!last.usable || !out.printable(view, at, end)) return true
  if (last.epoch === out.epoch) out.again(last.at, last.length, last.escapes)
  else startsIn(out, last)
  out.again(start, end - at)
  out.byte(CLOSE)
  return false
}

function startsIn(out: ByteWriter, last: LastDir): void {
  last.at = out.length
  out.byte(OPEN)
  out.text(last.dir)
  out.byte(SLASH)
  last.length = out.length - last.at
  last.escapes = out.escapesIn(last.at)
  last.epoch = out.epoch
}

/** Whether anything in a relative path has to be resolved before it is put behind its directory. */
function hasDots(arena: Uint8Array, from: number, end: number): boolean {
  let before = SLASH
  for (let i = from; i < end; i++) {
    const c = arena[i] as number
    if (before === SLASH && (c === DOT || c === SLASH)) return true
    before = c
  }
  return before === SLASH
}
