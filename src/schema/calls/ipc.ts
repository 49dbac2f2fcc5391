// Shared memory, messages and semaphores of System V, POSIX queues, asynchronous input and output, futexes.

import * as b from '../build.js'
import { caseTable, inputAt, outputAt } from '../cases.js'
import { constants } from '../constants.js'
import { openFlags } from '../flags/open.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import { namesAndMode } from '../names.js'
import * as s from '../shape.js'
import * as t from '../structs/ipc.js'
import { futexWaiter } from '../structs/process.js'
import { sigevent, timespec } from '../structs/time.js'
import type { FlagTable } from '../types.js'

const key = k.named((n) => (n === 0 ? 'IPC_PRIVATE' : undefined), 'int32', 'hex')
const getFlags = (table: FlagTable) => k.named(namesAndMode(table), 'uint32', 'hex')

const shm = caseTable('shmctl_commands', [
  ['IPC_RMID', 0],
  ['IPC_SET', 1, inputAt(t.shmid, 2)],
  ['IPC_STAT', 2, outputAt(t.shmid, 2)],
  ['IPC_INFO', 3, outputAt(t.shminfo, 2)],
  ['SHM_LOCK', 11],
  ['SHM_UNLOCK', 12],
  ['SHM_STAT', 13, outputAt(t.shmid, 2)],
  ['SHM_INFO', 14, outputAt(t.shmUse, 2)],
  ['SHM_STAT_ANY', 15, outputAt(t.shmid, 2)],
])
const msg = caseTable('msgctl_commands', [
  ['IPC_RMID', 0],
  ['IPC_SET', 1, inputAt(t.msqid, 2)],
  ['IPC_STAT', 2, outputAt(t.msqid, 2)],
  ['IPC_INFO', 3, outputAt(t.msginfo, 2)],
  ['MSG_STAT', 11, outputAt(t.msqid, 2)],
  ['MSG_INFO', 12, outputAt(t.msginfo, 2)],
  ['MSG_STAT_ANY', 13, outputAt(t.msqid, 2)],
])

const clock = k.signedOneOf(constants('clock_ids'))
const timeout = k.input(timespec)
const futex2 = k.flags(constants('futex2_flags'))
const waiters = (count: string) => k.input(s.list(futexWaiter), { count })

/** the text of a message follows its type */
const messageIn = k.dataIn('msgsz', 8)
const messageOut = k.dataOut('msgsz', 8)

export const ipcCalls: Calls = {
  shmget: { key, shmflg: getFlags(constants('shm_get_flags')) },
  shmat: { res: () => b.ret('res', 'errno', 'hex'), shmflg: k.flags(constants('shmat_flags')) },
  shmctl: { cmd: k.selector(shm), buf: k.selects(shm, 'cmd') },
  msgget: { key, msgflg: getFlags(constants('ipc_get_flags')) },
  msgsnd: {
    msgp: k.input(t.message),
    msgflg: k.flags(constants('sysv_message_flags')),
    mtext: k.forArgument('msgp', messageIn),
  },
  msgrcv: {
    msgp: k.output(t.message),
    msgflg: k.flags(constants('sysv_message_flags')),
    mtext: k.forArgument('msgp', messageOut),
  },
  msgctl: { cmd: k.selector(msg), buf: k.selects(msg, 'cmd') },
  semtimedop: { tsops: k.input(s.list(t.sembuf), { count: 'nsops' }), timeout },
  mq_unlink: { u_name: k.meaning('path', k.text) },
  mq_open: { u_name: k.meaning('path', k.text), oflag: k.flags(openFlags), u_attr: k.input(t.mqAttr) },
  mq_timedsend: { u_msg_ptr: k.dataIn('msg_len'), u_abs_timeout: timeout },
  mq_timedreceive: { u_msg_ptr: k.dataOut('msg_len'), u_msg_prio: k.output(s.u32), u_abs_timeout: timeout },
  mq_notify: { u_notification: k.input(sigevent) },
  mq_getsetattr: { u_mqstat: k.input(t.mqAttr), u_omqstat: k.output(t.mqAttr) },
  io_setup: { ctxp: k.output(s.xlong) },
  io_destroy: { ctx: k.hex },
  io_submit: { ctx_id: k.hex, iocbpp: k.each(t.iocb, 'nr') },
  io_cancel: { ctx_id: k.hex, iocb: k.input(t.iocb), result: k.output(t.ioEvent) },
  io_getevents: { ctx_id: k.hex, events: k.output(s.list(t.ioEvent), { count: 'ret' }), timeout },
  io_pgetevents: {
    ctx_id: k.hex,
    events: k.output(s.list(t.ioEvent), { count: 'ret' }),
    timeout,
    usig: k.input(s.signals, { via: true }),
  },
  futex_waitv: { waiters: waiters('nr_futexes'), timeout, clockid: clock },
  futex_wake: { mask: k.hex, flags: futex2 },
  futex_wait: { mask: k.hex, flags: futex2, timeout, clockid: clock },
  futex_requeue: { waiters: k.input(s.list(futexWaiter, 2)) },
}
