// Constants of asynchronous I/O.
import { own } from './own.js'

export const aioOpcodes = own(
  'aio_opcodes',
  `
IOCB_CMD_PREAD=0
IOCB_CMD_PWRITE=1
IOCB_CMD_FSYNC=2
IOCB_CMD_FDSYNC=3
IOCB_CMD_POLL=5
IOCB_CMD_NOOP=6
IOCB_CMD_PREADV=7
IOCB_CMD_PWRITEV=8
`,
)
