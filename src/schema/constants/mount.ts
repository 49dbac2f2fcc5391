// Constants of mount calls.
import { own } from './own.js'

export const fsopenFlags = own(
  'fsopen_flags',
  `
FSOPEN_CLOEXEC=1
`,
)

export const fsmountFlags = own(
  'fsmount_flags',
  `
FSMOUNT_CLOEXEC=1
`,
)

export const fspickFlags = own(
  'fspick_flags',
  `
FSPICK_CLOEXEC=1
FSPICK_SYMLINK_NOFOLLOW=2
FSPICK_NO_AUTOMOUNT=4
FSPICK_EMPTY_PATH=8
`,
)

export const mountAttrs = own(
  'mount_attrs',
  `
MOUNT_ATTR_RDONLY=1
MOUNT_ATTR_NOSUID=2
MOUNT_ATTR_NODEV=4
MOUNT_ATTR_NOEXEC=8
MOUNT_ATTR_NOATIME=0x10
MOUNT_ATTR_STRICTATIME=0x20
MOUNT_ATTR_NODIRATIME=0x80
MOUNT_ATTR_IDMAP=0x100000
MOUNT_ATTR_NOSYMFOLLOW=0x200000
`,
)

export const moveMountFlags = own(
  'move_mount_flags',
  `
MOVE_MOUNT_F_SYMLINKS=1
MOVE_MOUNT_F_AUTOMOUNTS=2
MOVE_MOUNT_F_EMPTY_PATH=4
MOVE_MOUNT_T_SYMLINKS=0x10
MOVE_MOUNT_T_AUTOMOUNTS=0x20
MOVE_MOUNT_T_EMPTY_PATH=0x40
MOVE_MOUNT_SET_GROUP=0x100
MOVE_MOUNT_BENEATH=0x200
`,
)

export const openTreeFlags = own(
  'open_tree_flags',
  `
OPEN_TREE_CLONE=1
AT_SYMLINK_NOFOLLOW=0x100
AT_NO_AUTOMOUNT=0x800
AT_EMPTY_PATH=0x1000
AT_RECURSIVE=0x8000
OPEN_TREE_CLOEXEC=0x80000
`,
)

export const propagations = own(
  'propagations',
  `
MS_UNBINDABLE=0x20000
MS_PRIVATE=0x40000
MS_SLAVE=0x80000
MS_SHARED=0x100000
`,
)

export const statmountMask = own(
  'statmount_mask',
  `
STATMOUNT_SB_BASIC=1
STATMOUNT_MNT_BASIC=2
STATMOUNT_PROPAGATE_FROM=4
STATMOUNT_MNT_ROOT=8
STATMOUNT_MNT_POINT=0x10
STATMOUNT_FS_TYPE=0x20
STATMOUNT_MNT_NS_ID=0x40
STATMOUNT_MNT_OPTS=0x80
STATMOUNT_FS_SUBTYPE=0x100 # unchecked
STATMOUNT_SB_SOURCE=0x200 # unchecked
STATMOUNT_OPT_ARRAY=0x400 # unchecked
STATMOUNT_OPT_SEC_ARRAY=0x800 # unchecked
STATMOUNT_SUPPORTED_MASK=0x1000 # unchecked
STATMOUNT_MNT_UIDMAP=0x2000 # unchecked
STATMOUNT_MNT_GIDMAP=0x4000 # unchecked
`,
)

/** of a file system, as statmount returns them */
export const superFlags = own(
  'super_flags',
  `
MS_RDONLY=1
MS_SYNCHRONOUS=0x10
MS_DIRSYNC=0x80
MS_LAZYTIME=0x2000000
`,
)
export const mountIds = own(
  'mount_ids',
  `
LSMT_ROOT=-1
`,
)
export const listmountFlags = own(
  'listmount_flags',
  `
LISTMOUNT_REVERSE=1
`,
)
