// Constants of fcntl's commands and their arguments that libs does not know.
import { own } from './own.js'

/** commands that libs does not name */
export const fcntlMore = own(
  'fcntl_more',
  `
F_GETOWNER_UIDS=17
F_DUPFD_QUERY=1027
F_CREATED_QUERY=1028
F_ADD_SEALS=1033
F_GET_SEALS=1034
F_GET_RW_HINT=1035
F_SET_RW_HINT=1036
F_GET_FILE_RW_HINT=1037
F_SET_FILE_RW_HINT=1038
`,
)
/** values that represent a directory, the own process or a file system instead of a descriptor */
/** The working directory, instead of a directory's descriptor. */
export const AT_FDCWD = -100

export const specialDescriptors = own(
  'special_descriptors',
  `
AT_FDCWD=-100
PIDFD_SELF_THREAD=-10000 # unchecked
PIDFD_SELF_THREAD_GROUP=-10001 # unchecked
FD_PIDFS_ROOT=-10002 # unchecked
FD_NSFS_ROOT=-10003 # unchecked
FD_INVALID=-10009 # unchecked
`,
)
export const descriptorFlags = own(
  'descriptor_flags',
  `
FD_CLOEXEC=1
`,
)
export const lockTypes = own(
  'lock_types',
  `
F_RDLCK=0
F_WRLCK=1
F_UNLCK=2
`,
)
export const ownerTypes = own(
  'owner_types',
  `
F_OWNER_TID=0
F_OWNER_PID=1
F_OWNER_PGRP=2
`,
)
export const notifyMask = own(
  'notify_mask',
  `
DN_ACCESS=1
DN_MODIFY=2
DN_CREATE=4
DN_DELETE=8
DN_RENAME=0x10
DN_ATTRIB=0x20
DN_MULTISHOT=0x80000000
`,
)
export const seals = own(
  'seals',
  `
F_SEAL_SEAL=1
F_SEAL_SHRINK=2
F_SEAL_GROW=4
F_SEAL_WRITE=8
F_SEAL_FUTURE_WRITE=0x10
F_SEAL_EXEC=0x20
`,
)
export const writeHints = own(
  'write_hints',
  `
RWH_WRITE_LIFE_NOT_SET=0
RWH_WRITE_LIFE_NONE=1
RWH_WRITE_LIFE_SHORT=2
RWH_WRITE_LIFE_MEDIUM=3
RWH_WRITE_LIFE_LONG=4
RWH_WRITE_LIFE_EXTREME=5
`,
)
export const whence = own(
  'whence',
  `
SEEK_SET=0
SEEK_CUR=1
SEEK_END=2
SEEK_DATA=3
SEEK_HOLE=4
`,
)
