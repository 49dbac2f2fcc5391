// execve and execveat: another program in the same process.
import type { Event } from '../../model/event.js'
import { resolvePath } from '../../model/paths.js'
import type { Thread } from '../../model/thread.js'
import { TRUNCATED } from '../../model/truncation.js'
import type { EventDef } from '../../schema/types.js'
import { readIdentity } from './birth.js'
import { big, type Effect, type Effects, num, param, text, texts, wholeNumber } from './effect.js'

const EXE_WRITABLE = 1
const EXE_UPPER_LAYER = 2
const NOBODY = 0xffffffff

function exec(def: EventDef): Effect {
  const identity = readIdentity(def)
  const env = param(def, 'env')
  const ptid = param(def, 'ptid')
  const tty = param(def, 'tty')
  const vpgid = param(def, 'vpgid')
  const pgid = param(def, 'pgid')
  const loginuid = param(def, 'loginuid')
  const flags = param(def, 'flags')
  const inheritable = param(def, 'cap_inheritable')
  const permitted = param(def, 'cap_permitted')
  const effective = param(def, 'cap_effective')
  const ino = param(def, 'exe_ino')
  const ctime = param(def, 'exe_ino_ctime')
  const mtime = param(def, 'exe_ino_mtime')
  const trusted = param(def, 'trusted_exepath')
  const filename = param(def, 'filename')
  return (s, e, t) => {
    const leader = t.leader
    s.table.exec(leader, t === leader ? undefined : t)
    e.thread = leader
    s.deferred.execed(leader)
    identity(s, e, leader)
    s.table.adopt(leader, num(e, ptid))
    leader.exepath = executable(e, leader, trusted, filename)
    leader.environ = texts(e, env, TRUNCATED.ENV)
    leader.tty = num(e, tty) ?? leader.tty
    leader.vpgid = num(e, vpgid) ?? leader.vpgid
    leader.pgid = num(e, pgid) ?? leader.pgid
    const login = num(e, loginuid)
    if (login !== undefined) leader.loginuid = login === NOBODY ? -1 : login
    const bits = num(e, flags) ?? 0
    leader.exeWritable = (bits & EXE_WRITABLE) !== 0
    leader.exeUpperLayer = (bits & EXE_UPPER_LAYER) !== 0
    leader.capInheritable = num(e, inheritable) ?? leader.capInheritable
    leader.capPermitted = num(e, permitted) ?? leader.capPermitted
    leader.capEffective = num(e, effective) ?? leader.capEffective
    leader.exeIno = wholeNumber(e, ino) ?? 0
    leader.exeInoCtime = big(e, ctime)
    leader.exeInoMtime = big(e, mtime)
  }
}

/** The program's path: from the kernel if recorded, else the path argument. */
function executable(e: Event, t: Thread, trusted: number, filename: number): string {
  const path = text(e, trusted)
  if (path !== undefined && path !== '') return path
  const called = text(e, filename)
  if (called !== undefined && called !== '') return resolvePath(t.cwd, called)
  return t.exe.charCodeAt(0) === 47 ? t.exe : ''
}

export const execEffects: Effects = { execve: exec, execveat: exec }
