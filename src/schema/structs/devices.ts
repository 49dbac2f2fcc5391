// Input and output of ioctl requests other than those of terminals and interfaces: structures of the kernel's headers for
// disks, for descriptors that refer to processes, namespaces, filters and memory, and for /proc.
import { own } from '../constants/own.js'
import * as s from '../shape.js'

/** linux/seccomp.h */
const seccompContinue = own('seccomp_notif_flags', 'SECCOMP_USER_NOTIF_FLAG_CONTINUE=1')
const addfdFlags = own('seccomp_addfd_flags', 'SECCOMP_ADDFD_FLAG_SETFD=1 SECCOMP_ADDFD_FLAG_SEND=2')
export const seccompNotif = s.struct({
  id: s.x64,
  pid: s.u32,
  flags: s.quiet(s.x32),
  data: s.struct({ nr: s.s32, arch: s.x32, instruction_pointer: s.x64, args: s.list(s.x64, 6) }),
})
export const seccompAnswer = s.struct({ id: s.x64, val: s.s64, error: s.s32, flags: s.bits(seccompContinue) })
export const seccompAddfd = s.struct({
  id: s.x64,
  flags: s.bits(addfdFlags),
  srcfd: s.u32,
  newfd: s.u32,
  newfd_flags: s.bits(own('addfd_open_flags', 'O_CLOEXEC=0x80000')),
})

/** linux/pidfd.h */
const pidfdMask = own(
  'pidfd_info_mask',
  `PIDFD_INFO_PID=1 PIDFD_INFO_CREDS=2 PIDFD_INFO_CGROUPID=4 PIDFD_INFO_EXIT=8 PIDFD_INFO_COREDUMP=0x10
  PIDFD_INFO_SUPPORTED_MASK=0x20 PIDFD_INFO_COREDUMP_SIGNAL=0x40`,
)
export const pidfdInfo = s.struct({
  mask: s.bits(pidfdMask, s.u64),
  cgroupid: s.u64,
  pid: s.u32,
  tgid: s.u32,
  ppid: s.u32,
  ruid: s.u32,
  rgid: s.u32,
  euid: s.u32,
  egid: s.u32,
  suid: s.u32,
  sgid: s.u32,
  fsuid: s.u32,
  fsgid: s.u32,
  exit_code: s.waitStatus,
})
/** linux/nsfs.h */
export const mountNamespace = s.struct({ size: s.u32, nr_mounts: s.u32, mnt_ns_id: s.u64 })

/** linux/userfaultfd.h */
const features = own(
  'userfaultfd_features',
  `UFFD_FEATURE_PAGEFAULT_FLAG_WP=1 UFFD_FEATURE_EVENT_FORK=2 UFFD_FEATURE_EVENT_REMAP=4 UFFD_FEATURE_EVENT_REMOVE=8
  UFFD_FEATURE_MISSING_HUGETLBFS=0x10 UFFD_FEATURE_MISSING_SHMEM=0x20 UFFD_FEATURE_EVENT_UNMAP=0x40
  UFFD_FEATURE_SIGBUS=0x80 UFFD_FEATURE_THREAD_ID=0x100 UFFD_FEATURE_MINOR_HUGETLBFS=0x200
  UFFD_FEATURE_MINOR_SHMEM=0x400 UFFD_FEATURE_EXACT_ADDRESS=0x800 UFFD_FEATURE_WP_HUGETLBFS_SHMEM=0x1000
  UFFD_FEATURE_WP_UNPOPULATED=0x2000 UFFD_FEATURE_POISON=0x4000 UFFD_FEATURE_WP_ASYNC=0x8000 UFFD_FEATURE_MOVE=0x10000`,
)
const modes = own(
  'userfaultfd_modes',
  'UFFDIO_REGISTER_MODE_MISSING=1 UFFDIO_REGISTER_MODE_WP=2 UFFDIO_REGISTER_MODE_MINOR=4',
)
/** a bit for each request's number */
const requests = own(
  'userfaultfd_ioctls',
  `UFFDIO_REGISTER=1 UFFDIO_UNREGISTER=2 UFFDIO_WAKE=4 UFFDIO_COPY=8 UFFDIO_ZEROPAGE=0x10 UFFDIO_MOVE=0x20
  UFFDIO_WRITEPROTECT=0x40 UFFDIO_CONTINUE=0x80 UFFDIO_POISON=0x100 UFFDIO_API=0x8000000000000000`,
)
export const uffdRange = s.struct({ start: s.x64, len: s.x64 })
export const uffdApi = s.struct({ api: s.x64, features: s.bits(features, s.u64), ioctls: s.bits(requests, s.u64) })
export const uffdRegister = s.struct({ range: uffdRange, mode: s.bits(modes, s.u64), ioctls: s.bits(requests, s.u64) })

/** linux/fiemap.h */
const mapRequestFlags = own('fiemap_flags', 'FIEMAP_FLAG_SYNC=1 FIEMAP_FLAG_XATTR=2 FIEMAP_FLAG_CACHE=4')
const extentFlags = own(
  'fiemap_extent_flags',
  `FIEMAP_EXTENT_LAST=1 FIEMAP_EXTENT_UNKNOWN=2 FIEMAP_EXTENT_DELALLOC=4 FIEMAP_EXTENT_ENCODED=8
  FIEMAP_EXTENT_DATA_ENCRYPTED=0x80 FIEMAP_EXTENT_NOT_ALIGNED=0x100 FIEMAP_EXTENT_DATA_INLINE=0x200
  FIEMAP_EXTENT_DATA_TAIL=0x400 FIEMAP_EXTENT_UNWRITTEN=0x800 FIEMAP_EXTENT_MERGED=0x1000 FIEMAP_EXTENT_SHARED=0x2000`,
)
const extent = s.struct({
  fe_logical: s.u64,
  fe_physical: s.u64,
  fe_length: s.u64,
  _reserved64: s.list(s.u64, 2),
  fe_flags: s.bits(extentFlags),
  _reserved: s.list(s.u32, 3),
})
const extents = (count: number, most = count) => s.struct({ fm_extents: s.list(extent, count, most) })
const none = s.struct({})
/** the first extents, if the array has any */
export const extentMap = s.struct({
  fm_start: s.u64,
  fm_length: s.u64,
  fm_flags: s.bits(mapRequestFlags),
  fm_mapped_extents: s.u32,
  fm_extent_count: s.u32,
  _reserved: s.u32,
  _extents: s.choice(
    'fm_extent_count',
    [[0, none]],
    s.choice(
      'fm_mapped_extents',
      [
        [0, none],
        [1, extents(1)],
        [2, extents(2)],
        [3, extents(3)],
      ],
      extents(4, 3),
    ),
  ),
})

/** linux/dm-ioctl.h */
const mapperFlags = own(
  'dm_flags',
  `DM_READONLY_FLAG=1 DM_SUSPEND_FLAG=2 DM_PERSISTENT_DEV_FLAG=8 DM_STATUS_TABLE_FLAG=0x10 DM_ACTIVE_PRESENT_FLAG=0x20
  DM_INACTIVE_PRESENT_FLAG=0x40 DM_BUFFER_FULL_FLAG=0x100 DM_SKIP_BDGET_FLAG=0x200 DM_SKIP_LOCKFS_FLAG=0x400
  DM_NOFLUSH_FLAG=0x800 DM_QUERY_INACTIVE_TABLE_FLAG=0x1000 DM_UEVENT_GENERATED_FLAG=0x2000 DM_UUID_FLAG=0x4000
  DM_SECURE_DATA_FLAG=0x8000 DM_DATA_OUT_FLAG=0x10000 DM_DEFERRED_REMOVE=0x20000 DM_INTERNAL_SUSPEND_FLAG=0x40000
  DM_IMA_MEASUREMENT_FLAG=0x80000`,
)
export const mapper = s.struct({
  version: s.list(s.u32, 3),
  data_size: s.u32,
  data_start: s.u32,
  target_count: s.u32,
  open_count: s.s32,
  flags: s.bits(mapperFlags),
  event_nr: s.quiet(s.u32),
  _padding: s.u32,
  dev: s.quiet(s.like(s.u64, { kind: 'device' })),
  name: s.text(128),
  uuid: s.quiet(s.text(129)),
})
/** scsi/sg.h */
const directions = own(
  'sg_directions',
  'SG_DXFER_NONE=-1 SG_DXFER_TO_DEV=-2 SG_DXFER_FROM_DEV=-3 SG_DXFER_TO_FROM_DEV=-4 SG_DXFER_UNKNOWN=-5',
)
export const scsiRequest = s.struct({
  interface_id: s.s32,
  dxfer_direction: s.one(directions, s.s32),
  cmd_len: s.u8,
  mx_sb_len: s.u8,
  iovec_count: s.quiet(s.u16),
  dxfer_len: s.u32,
  dxferp: s.pointer,
  cmdp: s.pointer,
  sbp: s.pointer,
  timeout: s.u32,
  flags: s.quiet(s.x32),
  pack_id: s.quiet(s.s32),
  _usr_ptr: s.pointer,
  status: s.quiet(s.x8),
  _masked: s.u8,
  _message: s.u8,
  sb_len_wr: s.quiet(s.u8),
  host_status: s.quiet(s.x16),
  driver_status: s.quiet(s.x16),
  resid: s.quiet(s.s32),
  duration: s.quiet(s.u32),
})
/** linux/hdreg.h */
export const geometry = s.struct({ heads: s.u8, sectors: s.u8, cylinders: s.u16, start: s.ulong })
/** linux/blkpg.h */
const partitionOps = own('blkpg_ops', 'BLKPG_ADD_PARTITION=1 BLKPG_DEL_PARTITION=2 BLKPG_RESIZE_PARTITION=3')
export const partition = s.struct({ op: s.one(partitionOps), flags: s.s32, datalen: s.s32, data: s.pointer })

/** linux/fs.h, of files in /proc */
const mapFlags = own(
  'procmap_flags',
  `PROCMAP_QUERY_VMA_READABLE=1 PROCMAP_QUERY_VMA_WRITABLE=2 PROCMAP_QUERY_VMA_EXECUTABLE=4 PROCMAP_QUERY_VMA_SHARED=8
  PROCMAP_QUERY_COVERING_OR_NEXT_VMA=0x10 PROCMAP_QUERY_FILE_BACKED_VMA=0x20`,
)
export const mapQuery = s.struct({
  size: s.u64,
  query_flags: s.bits(mapFlags, s.u64),
  query_addr: s.x64,
  vma_start: s.x64,
  vma_end: s.x64,
  vma_flags: s.bits(mapFlags, s.u64),
  vma_page_size: s.u64,
  vma_offset: s.x64,
  inode: s.quiet(s.u64),
  dev_major: s.quiet(s.u32),
  dev_minor: s.quiet(s.u32),
  vma_name_size: s.quiet(s.u32),
  build_id_size: s.quiet(s.u32),
})
const pages = own(
  'page_categories',
  `PAGE_IS_WPALLOWED=1 PAGE_IS_WRITTEN=2 PAGE_IS_FILE=4 PAGE_IS_PRESENT=8 PAGE_IS_SWAPPED=0x10 PAGE_IS_PFNZERO=0x20
  PAGE_IS_HUGE=0x40 PAGE_IS_SOFT_DIRTY=0x80 PAGE_IS_GUARD=0x100`,
)
const scanFlags = own('page_scan_flags', 'PM_SCAN_WP_MATCHING=1 PM_SCAN_CHECK_WPASYNC=2')
export const pageScan = s.struct({
  size: s.u64,
  flags: s.bits(scanFlags, s.u64),
  start: s.x64,
  end: s.x64,
  walk_end: s.x64,
  vec: s.x64,
  vec_len: s.u64,
  max_pages: s.u64,
  category_inverted: s.bits(pages, s.u64),
  category_mask: s.bits(pages, s.u64),
  category_anyof_mask: s.bits(pages, s.u64),
  return_mask: s.bits(pages, s.u64),
})
