// open and its relatives: a new file or directory, with its absolute path.

import type { Event } from '../../model/event.js'
import { Fd } from '../../model/fd.js'
import type { Whole } from '../../model/snapshot.js'
import type { Thread } from '../../model/thread.js'
import { AT_FDCWD } from '../../schema/special-descriptors.js'
import type { EventDef } from '../../schema/types.js'
import { bitsOf, kernelOpenFlags, LAYER_LOWER, LAYER_UPPER } from '../flag-bits.js'
import { add, type Effect, entered, has, int, num, param, slot, text, wholeNumber } from './effect.js'

const CREAT_FLAGS = 0o1101
const CREAT_UPPER = 1
const CREAT_LOWER = 2

/** The directory to which a relative path of the call refers, '' if unknown. */
function baseDir(e: Event, t: Thread, dirfd: number): string {
  if (dirfd === AT_FDCWD) return t.cwd
  return t.fdTable.at(dirfd, entered(e))?.name ?? ''
}

/** The effect of a call that opens a file. */
export function open(def: EventDef): Effect {
  const name = param(def, 'name', 'path')
  const dirfd = slot(def, 'dirfd')
  const flags = slot(def, 'flags')
  const creatFlags = param(def, 'creat_flags')
  const dev = slot(def, 'dev')
  const ino = param(def, 'ino')
  return (s, e, t) => {
    const reported = kernelFd(e, t)
    const fd = Fd.make(e.ret, reported?.type ?? 'file', reported?.name ?? '')
    const at = name < 0 ? -1 : e.varAt(name)
    if (reported === undefined) nameByPath(fd, e, at, baseDir(e, t, int(e, dirfd, AT_FDCWD)))
    else fd.nameRaw = text(e, name)
    if (!has(e, flags)) {
      fd.flags = CREAT_FLAGS
      setLayer(fd, num(e, creatFlags) ?? 0, CREAT_UPPER, CREAT_LOWER)
    } else {
      const { native } = e.batch
      const recorded = int(e, flags, 0) >>> 0
      const bits = bitsOf(e.batch)
      if (recorded & bits.O_TMPFILE) nameUnlinked(fd, wholeNumber(e, ino), reported !== undefined)
      else if (recorded & bits.O_DIRECTORY) fd.type = 'directory'
      if (!native) setLayer(fd, recorded, LAYER_UPPER, LAYER_LOWER)
      fd.flags = kernelOpenFlags(recorded, e.batch)
    }
    if (has(e, dev)) fd.dev = int(e, dev, 0) >>> 0
    fd.ino = wholeNumber(e, ino)
    add(s, e, t, fd)
  }
}

/** Names a file by the path at that arena offset, relative to `dir` unless absolute. */
function nameByPath(fd: Fd, e: Event, at: number, dir: string): void {
  if (at < 0) fd.nameBy(e.batch.view, 0, 0, dir)
  else fd.nameBy(e.batch.view, at, e.varLen(at), dir)
}

/** The file reported by the kernel (ks_fd) because the call's path alone is ambiguous. */
function kernelFd(e: Event, t: Thread): Fd | undefined {
  if (!e.batch.native) return undefined
  const fd = t.fdTable.fds.get(e.ret)
  return fd !== undefined && fd.born === e.time && fd.name !== '' ? fd : undefined
}

/** A file without a name, created in the directory at the call's path: it is named as /proc shows it. */
function nameUnlinked(fd: Fd, ino: Whole | undefined, isKernelName: boolean): void {
  const { name, nameRaw } = fd
  fd.nameRaw = nameRaw ?? name
  fd.name = isKernelName ? `${name} (deleted)` : `${name === '/' ? '' : name}/#${ino ?? ''} (deleted)`
}

function setLayer(fd: Fd, flags: number, upper: number, lower: number): void {
  if (flags & upper) fd.layer = 'upper'
  else if (flags & lower) fd.layer = 'lower'
}
