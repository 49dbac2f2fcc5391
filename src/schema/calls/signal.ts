// Signals: actions, masks, waiting, sending with values.
import { constants } from '../constants.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import * as t from '../structs/signal.js'
import { timespec } from '../structs/time.js'

const info = k.input(t.siginfo)

export const signalCalls: Calls = {
  rt_sigaction: { act: k.input(t.sigaction), oact: k.output(t.sigaction) },
  rt_sigprocmask: { how: k.oneOf(constants('sigprocmask_how')), nset: k.input(s.signals), oset: k.output(s.signals) },
  rt_sigpending: { uset: k.output(s.signals) },
  rt_sigtimedwait: { uthese: k.input(s.signals), uinfo: k.output(t.siginfo), uts: k.input(timespec) },
  rt_sigqueueinfo: { uinfo: info },
  rt_tgsigqueueinfo: { uinfo: info },
  rt_sigsuspend: { unewset: k.input(s.signals) },
  sigaltstack: { uss: k.input(t.sigaltstack), uoss: k.output(t.sigaltstack) },
}
