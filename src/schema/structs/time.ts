// The kernel's structures of times (linux/time.h, linux/time_types.h, linux/timex.h, asm-generic/siginfo.h).

import { constants } from '../constants.js'
import * as s from '../shape.js'

export const timespec = s.struct({ tv_sec: s.long, tv_nsec: s.long })
export const timeval = s.struct({ tv_sec: s.long, tv_usec: s.long })
export const timezone = s.struct({ tz_minuteswest: s.s32, tz_dsttime: s.s32 })
export const itimerspec = s.struct({ it_interval: timespec, it_value: timespec })
export const itimerval = s.struct({ it_interval: timeval, it_value: timeval })

const special = constants('utimensat_nsec')
/** access and modification time; a tv_nsec of UTIME_NOW or UTIME_OMIT is shown by that name */
export const fileTimes = s.list(s.struct({ tv_sec: s.long, tv_nsec: s.one(special, s.long) }), 2)

export const tms = s.struct({ tms_utime: s.long, tms_stime: s.long, tms_cutime: s.long, tms_cstime: s.long })
export const utimbuf = s.struct({ actime: s.long, modtime: s.long })

export const timex = s.struct({
  modes: s.bits(constants('adj_modes')),
  offset: s.long,
  freq: s.long,
  maxerror: s.long,
  esterror: s.long,
  status: s.bits(constants('clock_status'), s.s32),
  constant: s.long,
  precision: s.long,
  tolerance: s.long,
  time: timeval,
  tick: s.long,
  ppsfreq: s.quiet(s.long),
  jitter: s.quiet(s.long),
  shift: s.quiet(s.s32),
  stabil: s.quiet(s.long),
  jitcnt: s.quiet(s.long),
  calcnt: s.quiet(s.long),
  errcnt: s.quiet(s.long),
  stbcnt: s.quiet(s.long),
  tai: s.s32,
})

export const sigevent = s.struct({
  sigev_value: s.packed(s.pointer),
  sigev_signo: s.signal,
  sigev_notify: s.one(constants('sigev_notify'), s.s32),
  _more: s.choice('sigev_notify', [
    [4, s.struct({ sigev_notify_thread_id: s.s32 })],
    [2, s.struct({ sigev_notify_function: s.pointer, sigev_notify_attributes: s.pointer })],
  ]),
})
