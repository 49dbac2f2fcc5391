// Waiting for processes, comparing them, their personality, groups and capabilities.
import { nameWith, own } from '../constants/own.js'
import * as c from '../constants/process.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import * as p from '../structs/process.js'
import { childInfo, siginfo } from '../structs/signal.js'

/** Written if a child was found: the result is then its pid, else 0. */
const whenFound = (shape: s.Shape) => k.output(shape, { count: 'ret', each: Math.min(shape.size, 255) })
const groups = s.list(s.u32, 0, 32)
const domains = own('', 'PER_LINUX=0 PER_LINUX32=8 PER_SVR4=1 PER_BSD=6 PER_RISCOS=12 PER_OSF4=15 PER_HPUX=16')
const personality = nameWith(domains, c.personalities)
/** queries the present value */
const QUERY = 0xffffffff

export const processCalls: Calls = {
  wait4: { stat_addr: whenFound(s.waitStatus), options: k.flags(c.waitOptions), ru: whenFound(p.rusage) },
  waitpid: { stat_addr: whenFound(s.waitStatus), options: k.flags(c.waitOptions) },
  waitid: {
    which: k.oneOf(c.waitIds),
    infop: k.output(childInfo),
    options: k.flags(c.waitOptions),
    ru: k.output(p.rusage),
  },
  uname: { name: k.output(p.utsname) },
  sysinfo: { info: k.output(p.sysinfo) },
  getgroups: { grouplist: k.output(groups, { count: 'ret' }) },
  setgroups: { grouplist: k.input(groups, { count: 'gidsetsize' }) },
  capget: { header: k.input(p.capHeader), dataptr: k.output(p.capData) },
  personality: { personality: k.named((n) => (n >>> 0 === QUERY ? undefined : personality(n)), 'uint32', 'hex') },
  kcmp: { type: k.oneOf(c.kcmpTypes) },
  pidfd_send_signal: { info: k.input(siginfo), flags: k.flags(c.pidfdSignalFlags) },
  process_mrelease: { flags: k.is('uint32', 'hex') },
  set_thread_area: { u_info: k.input(p.userDesc) },
  get_thread_area: { u_info: k.output(p.userDesc) },
  get_robust_list: { head_ptr: k.output(s.pointer), len_ptr: k.output(s.ulong) },
}
