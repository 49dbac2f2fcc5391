// The beginning of a thread: libs waits for an event of the new thread itself, the end of the clone that made it. A row of ksys
// tells of it before the thread runs, whatever calls follow first.
import type { Event } from '../../model/event.js'
import type { Thread } from '../../model/thread.js'
import { SHARED } from '../../schema/events/internal.js'
import { cloneFlags } from '../../schema/flags/process.js'
import { PPME } from '../libs-codes.js'
import { eventBlock } from './made-event.js'
import { timeOf } from './section.js'

const bit = (name: string) => cloneFlags.entries.find(([n]) => n === name)?.[1] ?? 0
/** clone's flags by what the new thread has in common with the one that made it. */
const FLAGS: readonly (readonly [shared: number, flags: number])[] = [
  [SHARED.FILES, bit('CLONE_FILES')],
  [SHARED.FS, bit('CLONE_FS')],
  [SHARED.MM, bit('CLONE_VM')],
  [SHARED.THREAD, bit('CLONE_THREAD')],
]
const IN_NAMESPACE = bit('CLONE_CHILD_IN_PIDNS')

/** The block for a thread that the row under the cursor made; start: ns since the epoch that batch times count from. */
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
