// Constants of System V's shared memory and messages.
import { own } from './own.js'

export const ipcGetFlags = own(
  'ipc_get_flags',
  `
IPC_CREAT=0x200
IPC_EXCL=0x400
IPC_NOWAIT=0x800
`,
)
export const shmGetFlags = own(
  'shm_get_flags',
  `
IPC_CREAT=0x200
IPC_EXCL=0x400
SHM_HUGETLB=0x800
SHM_NORESERVE=0x1000
`,
)

export const shmatFlags = own(
  'shmat_flags',
  `
SHM_RDONLY=0x1000
SHM_RND=0x2000
SHM_REMAP=0x4000
SHM_EXEC=0x8000
`,
)

export const messageFlags = own(
  'message_flags',
  `
IPC_NOWAIT=0x800
MSG_NOERROR=0x1000
MSG_EXCEPT=0x2000
MSG_COPY=0x4000
`,
)

export const semFlags = own(
  'sem_flags',
  `
IPC_NOWAIT=0x800
SEM_UNDO=0x1000
`,
)
