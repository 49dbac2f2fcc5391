// The kernel's structures of signals (asm/signal.h, asm-generic/siginfo.h).
import { constants } from '../constants.js'
import * as s from '../shape.js'

export const sigaction = s.struct({
  sa_handler: s.one(constants('signal_handlers'), s.pointer),
  sa_flags: s.bits(constants('sigaction_flags'), s.ulong),
  sa_restorer: s.quiet(s.pointer),
  sa_mask: s.signals,
})

export const sigaltstack = s.struct({
  ss_sp: s.pointer,
  ss_flags: s.bits(constants('sigaltstack_flags'), s.s32),
  ss_size: s.ulong,
})

const sender = s.struct({ si_pid: s.s32, si_uid: s.u32, si_value: s.quiet(s.pointer) })
const SIGCHLD = 17
const FAULTS = [4, 5, 7, 8, 11]
const SIGPOLL = 29
const SIGSYS = 31
const TIMER = -2

const byKernel = s.choice(
  'si_signo',
  [
    [SIGCHLD, s.struct({ si_pid: s.s32, si_uid: s.u32, si_status: s.s32, si_utime: s.long, si_stime: s.long })],
    [FAULTS, s.struct({ si_addr: s.pointer })],
    [SIGPOLL, s.struct({ si_band: s.long, si_fd: s.s32 })],
    [SIGSYS, s.struct({ si_call_addr: s.pointer, si_syscall: s.s32, si_arch: s.x32 })],
  ],
  sender,
)

export const siginfo = s.struct({
  si_signo: s.signal,
  si_errno: s.quiet(s.errno),
  si_code: s.one(constants('si_codes'), s.s32),
  _more: s.choice(
    'si_code',
    [
      [[0, -1, -3, -4, -5, -6, -60], sender],
      [TIMER, s.struct({ si_tid: s.s32, si_overrun: s.s32, si_value: s.pointer })],
    ],
    byKernel,
  ),
})

const CLD_EXITED = 1
/** what waitid returns: of a child; si_status is its exit code or the signal that ended or stopped it */
export const childInfo = s.struct({
  si_signo: s.signal,
  _errno: s.s32,
  si_code: s.one(constants('child_codes'), s.s32),
  _more: s.struct({ _pad: s.gap(0, 8) }),
  si_pid: s.s32,
  si_uid: s.u32,
  _end: s.choice('si_code', [[CLD_EXITED, s.struct({ si_status: s.s32 })]], s.struct({ si_status: s.signal })),
  _gap: s.gap(4, 4),
  si_utime: s.long,
  si_stime: s.long,
})
