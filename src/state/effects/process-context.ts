// A process's place and what it shares: directories, namespaces, sessions, groups.
import type { Event } from '../../model/event.js'
import { resolvePath } from '../../model/paths.js'
import { FsInfo, type Thread } from '../../model/thread.js'
import type { EventDef } from '../../schema/types.js'
import { bitsOf } from '../flag-bits.js'
import { type Effect, type Effects, entered, num, param, text, threadByOwnId, use } from './effect.js'

/** Whether the kernel reported the new directory itself (ks_cwd) while this call ran. */
function isFromKernel(e: Event, t: Thread): boolean {
  return t.fs.listedAt >= entered(e) && t.fs.listedAt <= e.time
}

function chdir(def: EventDef): Effect {
  const p = param(def, 'path')
  return (_s, e, t) => {
    if (e.ret < 0 || isFromKernel(e, t)) return
    const path = text(e, p)
    if (path !== undefined && path !== '') t.cwd = resolvePath(t.cwd, path)
  }
}

function fchdir(def: EventDef): Effect {
  const p = param(def, 'fd')
  return (_s, e, t) => {
    const fd = use(e, t, num(e, p) ?? -1)
    if (e.ret >= 0 && fd !== undefined && fd.name.charCodeAt(0) === 47 && !isFromKernel(e, t)) t.cwd = fd.name
  }
}

/** The call's result is the working directory. */
function getcwd(def: EventDef): Effect {
  const p = param(def, 'path')
  return (_s, e, t) => {
    const path = text(e, p)
    if (e.ret >= 0 && path !== undefined && path.charCodeAt(0) === 47 && !isFromKernel(e, t)) t.cwd = path
  }
}

function chroot(def: EventDef): Effect {
  const p = param(def, 'path')
  return (_s, e, t) => {
    const path = text(e, p)
    if (e.ret >= 0 && path !== undefined && path !== '') t.root = resolvePath(t.cwd, path)
  }
}

function unshare(def: EventDef): Effect {
  const p = param(def, 'flags')
  return (_s, e, t) => {
    if (e.ret < 0) return
    const flags = num(e, p) ?? 0
    const bits = bitsOf(e.batch)
    if (flags & bits.CLONE_FILES) t.fdTable = t.fdTable.copy()
    // for a new mount or user namespace, the kernel also requires a working directory of its own
    if (flags & (bits.CLONE_FS | bits.CLONE_NEWNS | bits.CLONE_NEWUSER)) t.fs = new FsInfo(t.cwd, t.root)
  }
}

function setsid(): Effect {
  return (s, e, t) => {
    if (e.ret < 0) return
    for (const x of s.table.ofProcess(t)) {
      x.sid = t.pid
      x.pgid = t.pid
      x.vpgid = t.vpid
      x.tty = 0
    }
  }
}

function setpgid(def: EventDef): Effect {
  const pid = param(def, 'pid')
  const pgid = param(def, 'pgid')
  return (s, e, t) => {
    if (e.ret < 0) return
    const target = threadByOwnId(s, t, num(e, pid) ?? 0)
    if (target === undefined) return
    const inNamespace = t.vpid !== t.pid
    const group = num(e, pgid) ?? 0
    for (const x of s.table.ofProcess(target)) {
      x.vpgid = group === 0 ? x.vpid : group
      if (group === 0) x.pgid = x.pid
      else if (!inNamespace) x.pgid = group
    }
  }
}

export const placeEffects: Effects = { chdir, fchdir, getcwd, chroot, unshare, setsid, setpgid }
