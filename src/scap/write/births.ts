// Builds the event for the start of a thread. libs needs an event of the new thread itself, the exit of the clone call
// that created it. ksys records the start in an internal event before the thread runs.
import type { Event } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import { SHARED } from '../../schema/events/internal.js'
import { cloneFlags } from '../../schema/flags/process.js'
import { PPME } from '../libs-codes.js'
import { timeOf } from './section.js'
import { eventBlock } from './synthetic-event.js'

const bit = (name: string) => cloneFlags.entries.find(([n]) => n === name)?.[1] ?? 0
/** clone's flags, by what the new thread shares with its parent. */
const FLAGS: readonly (readonly [shared: number, flags: number])[] = [
  [SHARED.FILES, bit('CLONE_FILES')],
  [SHARED.FS, bit('CLONE_FS')],
  [SHARED.MM, bit('CLONE_VM')],
  [SHARED.THREAD, bit('CLONE_THREAD')],
]
const IN_NAMESPACE = bit('CLONE_CHILD_IN_PIDNS')

/** The block for the thread whose start is under the cursor; start: ns since the epoch that batch times count from. */
export function birthBlock(e: Event, t: Thread, start: bigint): Buffer {
  const shared = e.numberOf('shared') ?? 0
  const flags = FLAGS.reduce((all, [has, flag]) => ((shared & has) !== 0 ? all | flag : all), 0)
  return eventBlock(
    { code: PPME.SYSCALL_CLONE_20_X, time: timeOf(start, e.time), tid: t.tid, cpu: e.cpu, hidden: true },
    {
      res: 0,
      exe: t.exe,
      args: t.args,
      tid: t.tid,
      pid: t.pid,
      ptid: t.ptid,
      cwd: t.cwd,
      fdlimit: t.fdLimit,
      pgft_maj: 0,
      pgft_min: 0,
      vm_size: t.vmSize,
      vm_rss: t.vmRss,
      vm_swap: t.vmSwap,
      comm: t.comm,
      cgroups: t.cgroups,
      flags: t.vtid === t.tid ? flags : flags | IN_NAMESPACE,
      uid: t.uid,
      gid: t.gid,
      vtid: t.vtid,
      vpid: t.vpid,
      pidns_init_start_ts: t.pidnsStart,
    },
  )
}
