// proc.*: sessions and process groups, and their leaders.
import type { Thread } from '../model/thread.js'
import type { State } from '../state/state.js'
import { ifDescribed, inPidNamespace, leaderBy } from './ancestors.js'
import { exe, exepath } from './command.js'
import { field, stateOf } from './field.js'
import { threadField } from './proc.js'

/**
 * The leader of a session or group is the process with the same number. In a pid namespace that number is not the
 * host's, and the leader may have exited or be unknown: then it is the most distant ancestor with the same session or group.
 */
function findLeader(state: State, t: Thread, idOf: (t: Thread) => number, onHost: boolean): Thread {
  if (onHost || !inPidNamespace(t)) {
    const leader = state.threads.get(idOf(t.leader))
    if (leader !== undefined && !leader.placeholder) return leader
  }
  return leaderBy(t, idOf)
}

const leaderField = (doc: string, idOf: (t: Thread) => number, get: (t: Thread) => string, onHost = false) => {
  const known = ifDescribed(get)
  return field({
    type: 'string',
    doc,
    cost: 16,
    needs: ['names'],
    make: (ctx) => (e) =>
      e.thread === undefined ? undefined : known(findLeader(stateOf(ctx, e), e.thread, idOf, onHost)),
  })
}

const sid = (t: Thread) => t.sid
const pgid = (t: Thread) => t.pgid
const vpgid = (t: Thread) => t.vpgid
const comm = (t: Thread) => t.comm

export const fields = {
  'proc.sid': threadField('int64', 'Id of the session; -1 if unknown, as for process groups.', (t) => t.leader.sid),
  'proc.sname': leaderField("Name of the session's leader.", sid, comm),
  'proc.sid.exe': leaderField("Program of the session's leader, as called (argv[0]).", sid, exe),
  'proc.sid.exepath': leaderField("Path of the program of the session's leader.", sid, exepath),
  'proc.pgid': threadField('int64', 'Id of the process group.', (t) => t.leader.pgid),
  'proc.pgid.name': leaderField("Name of the process group's leader.", pgid, comm, true),
  'proc.pgid.exe': leaderField("Program of the process group's leader, as called (argv[0]).", pgid, exe, true),
  'proc.pgid.exepath': leaderField("Path of the program of the process group's leader.", pgid, exepath, true),
  'proc.vpgid': threadField('int64', 'Id of the process group in its own pid namespace.', (t) => t.leader.vpgid),
  'proc.vpgid.name': leaderField("Name of the process group's leader, by its id in the pid namespace.", vpgid, comm),
  'proc.vpgid.exe': leaderField("Program of the process group's leader, by its id in the pid namespace.", vpgid, exe),
  'proc.vpgid.exepath': leaderField(
    "Path of the program of the process group's leader, by its id in the pid namespace.",
    vpgid,
    exepath,
  ),
  'proc.is_sid_leader': threadField('bool', 'True when the process leads its session.', (t) => t.sid === t.vpid),
  'proc.is_pgid_leader': threadField('bool', 'True when the process leads its process group.', (t) => t.pgid === t.pid),
  'proc.is_vpgid_leader': threadField(
    'bool',
    'True when the process leads its process group, by the ids of its pid namespace.',
    (t) => t.vpgid === t.vpid,
  ),
}
