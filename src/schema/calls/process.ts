// Waiting for processes, comparing them, their personality, groups and capabilities.
import { constants, derived } from '../constants.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import { nameWith } from '../names.js'
import * as s from '../shape.js'
import * as p from '../structs/process.js'
import { childInfo, siginfo } from '../structs/signal.js'

/** Written if a child was found: the result is then its pid, else 0. */
const whenFound = (shape: s.Shape) => k.output(shape, { count: 'ret', each: Math.min(shape.size, 255) })
const groups = s.list(s.u32, 0, 32)
/** the flags that some domains imply are named as such */
const domains = derived('personality_domains', () =>
  constants('personality_domains').entries.map(([name, value]) => [name, value & 0xff] as const),
)
const personality = nameWith(domains, constants('personalities'))
/** queries the present value */
const QUERY = 0xffffffff

export const processCalls: Calls = {
  wait4: { stat_addr: whenFound(s.waitStatus), options: k.flags(constants('wait_options')), ru: whenFound(p.rusage) },
  waitpid: { stat_addr: whenFound(s.waitStatus), options: k.flags(constants('wait_options')) },
  waitid: {
    which: k.oneOf(constants('wait_ids')),
    infop: k.output(childInfo),
    options: k.flags(constants('wait_options')),
    ru: k.output(p.rusage),
  },
  uname: { name: k.output(p.utsname) },
  sysinfo: { info: k.output(p.sysinfo) },
  getgroups: { grouplist: k.output(groups, { count: 'ret' }) },
  setgroups: { grouplist: k.input(groups, { count: 'gidsetsize' }) },
  capget: { header: k.input(p.capHeader), dataptr: k.output(p.capData) },
  personality: { personality: k.named((n) => (n >>> 0 === QUERY ? undefined : personality(n)), 'uint32', 'hex') },
  kcmp: { type: k.oneOf(constants('kcmp_types')) },
  pidfd_send_signal: { info: k.input(siginfo), flags: k.flags(constants('pidfd_signal_flags')) },
  process_mrelease: { flags: k.is('uint32', 'hex') },
  set_thread_area: { u_info: k.input(p.userDesc) },
  get_thread_area: { u_info: k.output(p.userDesc) },
  get_robust_list: { head_ptr: k.output(s.pointer), len_ptr: k.output(s.ulong) },
}
