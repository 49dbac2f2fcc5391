// Clocks, timers and sleeping.
import { constants } from '../constants.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import * as t from '../structs/time.js'

const clock = k.signedOneOf(constants('clock_ids'))
const timers = k.oneOf(constants('itimers'))

export const timeCalls: Calls = {
  getitimer: { which: timers, value: k.output(t.itimerval) },
  setitimer: { which: timers, value: k.input(t.itimerval), ovalue: k.output(t.itimerval) },
  gettimeofday: { tv: k.output(t.timeval), tz: k.output(t.timezone) },
  settimeofday: { tv: k.input(t.timeval), tz: k.input(t.timezone) },
  time: { tloc: k.output(s.long) },
  times: { tbuf: k.output(t.tms) },
  adjtimex: { txc_p: k.output(t.timex) },
  clock_adjtime: { which_clock: clock, utx: k.output(t.timex) },
  clock_gettime: { which_clock: clock, tp: k.output(t.timespec) },
  clock_settime: { which_clock: clock, tp: k.input(t.timespec) },
  clock_getres: { which_clock: clock, tp: k.output(t.timespec) },
  clock_nanosleep: {
    which_clock: clock,
    flags: k.flags(constants('timer_flags')),
    rqtp: k.asAtEnter(t.timespec),
    rmtp: k.rest(t.timespec),
  },
  timer_create: {
    which_clock: clock,
    timer_event_spec: k.input(t.sigevent),
    created_timer_id: k.output(s.s32),
  },
  timer_settime: {
    flags: k.flags(constants('timer_flags')),
    new_setting: k.input(t.itimerspec),
    old_setting: k.output(t.itimerspec),
  },
  timer_gettime: { setting: k.output(t.itimerspec) },
  timerfd_settime: {
    flags: k.flags(constants('timerfd_settime_flags')),
    utmr: k.input(t.itimerspec),
    otmr: k.output(t.itimerspec),
  },
  timerfd_gettime: { otmr: k.output(t.itimerspec) },
  utime: { filename: k.path, times: k.input(t.utimbuf) },
  utimes: { filename: k.path, utimes: k.input(s.list(t.timeval, 2)) },
  futimesat: { utimes: k.input(s.list(t.timeval, 2)) },
  utimensat: { utimes: k.input(t.fileTimes), flags: k.flags(constants('at_flags')) },
}
