// The kernel's structures of queues, asynchronous I/O and io_uring (linux/aio_abi.h, linux/mqueue.h, linux/ipc.h, linux/shm.h,
// linux/msg.h, linux/sem.h).
import { constants } from '../constants.js'
import { openFlags } from '../flags/open.js'
import * as s from '../shape.js'

export const iocb = s.struct({
  aio_data: s.quiet(s.x64),
  _key: s.u32,
  aio_rw_flags: s.quiet(s.bits(constants('rw_flags'))),
  aio_lio_opcode: s.one(constants('aio_opcodes'), s.u16),
  aio_reqprio: s.quiet(s.s16),
  aio_fildes: s.u32,
  aio_buf: s.x64,
  aio_nbytes: s.u64,
  aio_offset: s.s64,
})
export const ioEvent = s.struct({ data: s.x64, obj: s.x64, res: s.s64, res2: s.quiet(s.s64) })

export const mqAttr = s.struct({
  mq_flags: s.bits(openFlags, s.long),
  mq_maxmsg: s.long,
  mq_msgsize: s.long,
  mq_curmsgs: s.long,
})

const ipcPerm = s.struct({
  key: s.x32,
  uid: s.u32,
  gid: s.u32,
  cuid: s.u32,
  cgid: s.u32,
  mode: s.o32,
  seq: s.u16,
  _pad: s.u16,
  _unused: s.list(s.ulong, 2),
})
export const shmid = s.struct({
  shm_perm: ipcPerm,
  shm_segsz: s.ulong,
  shm_atime: s.long,
  shm_dtime: s.long,
  shm_ctime: s.long,
  shm_cpid: s.s32,
  shm_lpid: s.s32,
  shm_nattch: s.ulong,
})
export const msqid = s.struct({
  msg_perm: ipcPerm,
  msg_stime: s.long,
  msg_rtime: s.long,
  msg_ctime: s.long,
  msg_cbytes: s.ulong,
  msg_qnum: s.ulong,
  msg_qbytes: s.ulong,
  msg_lspid: s.s32,
  msg_lrpid: s.s32,
})
export const semid = s.onArm64(
  s.struct({
    sem_perm: ipcPerm,
    sem_otime: s.long,
    _otime: s.ulong,
    sem_ctime: s.long,
    _ctime: s.ulong,
    sem_nsems: s.ulong,
  }),
  s.struct({ sem_perm: ipcPerm, sem_otime: s.long, sem_ctime: s.long, sem_nsems: s.ulong }),
)
export const shminfo = s.struct({ shmmax: s.ulong, shmmin: s.ulong, shmmni: s.ulong, shmseg: s.ulong, shmall: s.ulong })
/** what is in use */
export const shmUse = s.struct({
  used_ids: s.s32,
  shm_tot: s.ulong,
  shm_rss: s.ulong,
  shm_swp: s.ulong,
  swap_attempts: s.ulong,
  swap_successes: s.ulong,
})
export const msginfo = s.struct({
  msgpool: s.s32,
  msgmap: s.s32,
  msgmax: s.s32,
  msgmnb: s.s32,
  msgmni: s.s32,
  msgssz: s.s32,
  msgtql: s.s32,
  msgseg: s.u16,
})
export const message = s.struct({ mtype: s.long })
export const sembuf = s.struct({ sem_num: s.u16, sem_op: s.s16, sem_flg: s.bits(constants('sem_flags'), s.u16) })
export const seminfo = s.struct({
  semmap: s.s32,
  semmni: s.s32,
  semmns: s.s32,
  semmnu: s.s32,
  semmsl: s.s32,
  semopm: s.s32,
  semume: s.s32,
  semusz: s.s32,
  semvmx: s.s32,
  semaem: s.s32,
})
