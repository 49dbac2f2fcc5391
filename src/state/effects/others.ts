// The end of threads, users and groups that come and go, mappings, and every other call that names a descriptor.
import type { EventDef } from '../../schema/types.js'
import { type Effect, type Effects, int, num, param, slot, text, use } from './effect.js'
import { readUsage } from './identity.js'

function procexit(def: EventDef): Effect {
  const reaper = param(def, 'reaper_tid')
  return (s, e, t) => s.pending.exitThread(t, num(e, reaper) ?? 0)
}

function userAdded(def: EventDef): Effect {
  const [uid, gid, name, home, shell, container] = positions(def)
  return (s, e) => {
    const id = num(e, uid)
    if (id === undefined || text(e, container)) return
    const user = { uid: id, gid: num(e, gid) ?? -1, name: text(e, name) ?? '' }
    s.users.set(id, { ...user, home: text(e, home) ?? '', shell: text(e, shell) ?? '' })
  }
}

function userDeleted(def: EventDef): Effect {
  const [uid, , , , , container] = positions(def)
  return (s, e) => {
    const id = num(e, uid)
    if (id !== undefined && !text(e, container)) s.users.delete(id)
  }
}

function groupAdded(def: EventDef): Effect {
  const [, gid, name, , , container] = positions(def)
  return (s, e) => {
    const id = num(e, gid)
    if (id !== undefined && !text(e, container)) s.groups.set(id, { gid: id, name: text(e, name) ?? '' })
  }
}

function groupDeleted(def: EventDef): Effect {
  const [, gid, , , , container] = positions(def)
  return (s, e) => {
    const id = num(e, gid)
    if (id !== undefined && !text(e, container)) s.groups.delete(id)
  }
}

type Positions = [uid: number, gid: number, name: number, home: number, shell: number, container: number]

function positions(def: EventDef): Positions {
  return ['uid', 'gid', 'name', 'home', 'shell', 'container_id'].map((n) => param(def, n)) as Positions
}

function mmap(def: EventDef): Effect {
  const read = readUsage(def)
  const { bit, offset } = slot(def, 'fd')
  return (_s, e, t) => {
    use(e, t, int(e, bit, offset, -1))
    read(e, t)
  }
}

/** A call that only uses a descriptor. */
export function uses(def: EventDef, name: string): Effect {
  const { bit, offset } = slot(def, name)
  return (_s, e, t) => {
    use(e, t, int(e, bit, offset, -1))
  }
}

export const otherEffects: Effects = {
  procexit,
  useradded: userAdded,
  userdeleted: userDeleted,
  groupadded: groupAdded,
  groupdeleted: groupDeleted,
  mmap,
  mmap2: mmap,
}
