// io_uring_register's argument, by opcode (linux/io_uring.h).
import { caseTable, inputAt, itself } from '../cases.js'
import { ioUringRegisterOpcodes as codes } from '../flags/ipc.js'
import * as s from '../shape.js'
import { iovec } from '../structs/files.js'
import { timespec } from '../structs/time.js'

const N = 2
const COUNT = 3
const one = (shape: s.Shape) => inputAt(shape, N)
const many = (shape: s.Shape) => inputAt(s.list(shape), N, { count: COUNT })

const update = s.struct({ offset: s.u32, _resv: s.u32, fds: s.x64 })
const resources = s.struct({ nr: s.u32, flags: s.quiet(s.x32), _resv2: s.u64, data: s.x64, tags: s.quiet(s.x64) })
const update2 = s.struct({ offset: s.u32, _resv: s.u32, data: s.x64, tags: s.quiet(s.x64), nr: s.u32, _resv2: s.u32 })
const bufferRing = s.struct({ ring_addr: s.x64, ring_entries: s.u32, bgid: s.u16, flags: s.quiet(s.x16) })
const cancel = s.struct({ addr: s.x64, fd: s.s32, flags: s.x32, timeout: timespec, opcode: s.quiet(s.u8) })

const MEANINGS: Readonly<Record<string, ReturnType<typeof inputAt>>> = {
  IORING_REGISTER_BUFFERS: many(iovec),
  IORING_REGISTER_FILES: many(s.s32),
  IORING_REGISTER_EVENTFD: one(s.s32),
  IORING_REGISTER_FILES_UPDATE: one(update),
  IORING_REGISTER_EVENTFD_ASYNC: one(s.s32),
  IORING_REGISTER_PROBE: one(s.struct({ last_op: s.u8, ops_len: s.u8 })),
  IORING_UNREGISTER_PERSONALITY: itself(s.u64, COUNT),
  IORING_REGISTER_RESTRICTIONS: many(s.struct({ opcode: s.u16, arg: s.u8, _resv: s.u8, _resv2: s.list(s.u32, 3) })),
  IORING_REGISTER_FILES2: one(resources),
  IORING_REGISTER_FILES_UPDATE2: one(update2),
  IORING_REGISTER_BUFFERS2: one(resources),
  IORING_REGISTER_BUFFERS_UPDATE: one(update2),
  IORING_REGISTER_IOWQ_AFF: inputAt(s.set(), N, { count: COUNT, each: 1 }),
  IORING_REGISTER_IOWQ_MAX_WORKERS: one(s.list(s.u32, 2)),
  IORING_REGISTER_RING_FDS: many(update),
  IORING_UNREGISTER_RING_FDS: many(update),
  IORING_REGISTER_PBUF_RING: one(bufferRing),
  IORING_UNREGISTER_PBUF_RING: one(bufferRing),
  IORING_REGISTER_SYNC_CANCEL: one(cancel),
  IORING_REGISTER_FILE_ALLOC_RANGE: one(s.struct({ off: s.u32, len: s.u32 })),
  IORING_REGISTER_NAPI: one(s.struct({ busy_poll_to: s.u32, prefer_busy_poll: s.u8 })),
  IORING_REGISTER_CLOCK: one(s.struct({ clockid: s.u32 })),
  IORING_REGISTER_CLONE_BUFFERS: one(
    s.struct({ src_fd: s.u32, flags: s.x32, src_off: s.u32, dst_off: s.u32, nr: s.u32 }),
  ),
}

export const uringArguments = caseTable('io_uring_register_arguments', () =>
  [...codes.entries, ...(codes.more?.entries ?? [])].map(([name, value]) => [name, value, MEANINGS[name]] as const),
)
