// Waiting for descriptors and for changes of files: epoll, select, inotify, fanotify.
import { constants } from '../constants.js'
import { openFlags } from '../flags/open.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import { epollEvent } from '../structs/files.js'
import { timespec } from '../structs/time.js'

const events = k.output(s.list(epollEvent, 0, 16), { count: 'ret' })
const mask = k.input(s.signals)
/** The ready descriptors, as the call returns them. */
const ready = k.output(s.set(), { count: 'n', countBits: true, each: 8 })

export const watchCalls: Calls = {
  epoll_ctl: { op: k.oneOf(constants('epoll_operations')), event: k.input(epollEvent) },
  epoll_pwait: { events, sigmask: mask },
  epoll_pwait2: { events, timeout: k.input(timespec), sigmask: mask },
  pselect6: {
    ...{
      inp: ready,
      outp: ready,
      exp: ready,
      tsp: k.savedAtEnter(3, timespec),
      sig: k.input(s.signals, { via: true }),
    },
    ...{
      asked_inp: k.savedAtEnter(0, s.set()),
      asked_outp: k.savedAtEnter(1, s.set()),
      asked_exp: k.savedAtEnter(2, s.set()),
    },
  },
  inotify_add_watch: { mask: k.flags(constants('inotify_mask')) },
  fanotify_init: { flags: k.flags(constants('fanotify_init_flags')), event_f_flags: k.flags(openFlags) },
  fanotify_mark: {
    flags: k.flags(constants('fanotify_mark_flags')),
    mask: k.flags(constants('fanotify_mask')),
    pathname: k.pathAt('dfd'),
  },
}
