// Effects of events without a file of their own: exits of threads; users, groups and containers that are added and removed;
// mappings.
import type { EventDef } from '../../schema/types.js'
import { type Effect, type Effects, int, num, param, slot, text, use } from './effect.js'
import { readUsage } from './identity.js'

function procexit(def: EventDef): Effect {
  const reaper = param(def, 'reaper_tid')
  return (s, e, t) => s.deferred.exitThread(t, num(e, reaper) ?? 0, e.time)
}

function userAdded(def: EventDef): Effect {
  const [uid, gid, name, home, shell, container] = positions(def)
  return (s, e) => {
    const id = num(e, uid)
    if (id === undefined) return
    const who = { uid: id, gid: num(e, gid) ?? -1, name: text(e, name) ?? '' }
    const user = { ...who, home: text(e, home) ?? '', shell: text(e, shell) ?? '' }
    const inside = text(e, container)
    if (inside) s.containers.addUser(inside, { ...user, container: inside })
    else s.users.set(id, user)
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
    if (id === undefined) return
    const group = { gid: id, name: text(e, name) ?? '' }
    const inside = text(e, container)
    if (inside) s.containers.addGroup(inside, { ...group, container: inside })
    else s.groups.set(id, group)
  }
}

function groupDeleted(def: EventDef): Effect {
  const [, gid, , , , container] = positions(def)
  return (s, e) => {
    const id = num(e, gid)
    if (id !== undefined && !text(e, container)) s.groups.delete(id)
  }
}

function container(def: EventDef): Effect {
  const json = param(def, 'json')
  return (s, e) => s.named(text(e, json) ?? '')
}

/** An event from a plugin of libs; some of them describe containers. */
function asyncEvent(def: EventDef): Effect {
  const name = param(def, 'name')
  const data = param(def, 'data')
  return (s, e) => {
    if ((text(e, name) ?? '').startsWith('container')) s.named((text(e, data) ?? '').replace(/\0+$/, ''))
  }
}

type Positions = [uid: number, gid: number, name: number, home: number, shell: number, container: number]

function positions(def: EventDef): Positions {
  return ['uid', 'gid', 'name', 'home', 'shell', 'container_id'].map((n) => param(def, n)) as Positions
}

function mmap(def: EventDef): Effect {
  const read = readUsage(def)
  const given = slot(def, 'fd')
  return (_s, e, t) => {
    use(e, t, int(e, given, -1))
    read(e, t)
  }
}

export const miscellaneousEffects: Effects = {
  procexit,
  useradded: userAdded,
  userdeleted: userDeleted,
  groupadded: groupAdded,
  groupdeleted: groupDeleted,
  container,
  asyncevent: asyncEvent,
  mmap,
  mmap2: mmap,
}
