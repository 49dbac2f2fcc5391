// Input and output of ioctl requests other than those of terminals and interfaces: structures of the kernel's headers for
// disks, for descriptors that refer to processes, namespaces, filters and memory, and for /proc.
import { constants, derived } from '../constants.js'
import * as s from '../shape.js'

/** linux/seccomp.h */
const seccompContinue = constants('seccomp_notif_flags')
const addfdFlags = constants('seccomp_addfd_flags')
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
  newfd_flags: s.bits(constants('addfd_open_flags')),
})

/** linux/pidfd.h */
const pidfdMask = constants('pidfd_info_mask')
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
const features = constants('userfaultfd_features')
const modes = constants('userfaultfd_modes')
/** a bit for each request's number */
/** the bit of a request is that of its number */
const requests = derived('userfaultfd_ioctls', () =>
  constants('userfaultfd_numbers').entries.map(([name, n]) => [name.slice(1), 2 ** n] as const),
)
export const uffdRange = s.struct({ start: s.x64, len: s.x64 })
export const uffdApi = s.struct({ api: s.x64, features: s.bits(features, s.u64), ioctls: s.bits(requests, s.u64) })
export const uffdRegister = s.struct({ range: uffdRange, mode: s.bits(modes, s.u64), ioctls: s.bits(requests, s.u64) })

/** linux/fiemap.h */
const mapRequestFlags = constants('fiemap_flags')
const extentFlags = constants('fiemap_extent_flags')
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
const mapperFlags = constants('dm_flags')
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
const directions = constants('sg_directions')
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
const partitionOps = constants('blkpg_ops')
export const partition = s.struct({ op: s.one(partitionOps), flags: s.s32, datalen: s.s32, data: s.pointer })

/** linux/fs.h, of files in /proc */
const mapFlags = constants('procmap_flags')
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
const pages = constants('page_categories')
const scanFlags = constants('page_scan_flags')
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
