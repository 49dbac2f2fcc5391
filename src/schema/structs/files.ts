// The kernel's structures of files and file systems (asm/stat.h, linux/stat.h, asm/statfs.h, linux/fs.h, linux/mount.h).
import { constants } from '../constants.js'
import * as s from '../shape.js'

const stamp = s.struct({ tv_sec: s.s64, tv_nsec: s.u32, _reserved: s.s32 })

/** struct stat after device and inode: these 48 bytes contain what most programs need. */
export const STAT_OFFSET = 16
const rdev = s.quiet(s.like(s.ulong, { kind: 'device' }))
export const stat = s.onArm64(
  s.struct({
    st_nlink: s.ulong,
    st_mode: s.mode,
    st_uid: s.u32,
    st_gid: s.u32,
    _pad: s.u32,
    st_rdev: rdev,
    st_size: s.long,
  }),
  s.struct({
    st_mode: s.mode,
    st_nlink: s.u32,
    st_uid: s.u32,
    st_gid: s.u32,
    st_rdev: rdev,
    _pad: s.ulong,
    st_size: s.long,
  }),
)

export const statx = s.struct({
  stx_mask: s.bits(constants('statx_mask')),
  _blksize: s.u32,
  stx_attributes: s.quiet(s.bits(constants('statx_attributes'), s.u64)),
  stx_nlink: s.u32,
  stx_uid: s.u32,
  stx_gid: s.u32,
  stx_mode: s.like(s.u16, { kind: 'mode' }),
  _spare: s.u16,
  stx_ino: s.u64,
  stx_size: s.u64,
  stx_blocks: s.u64,
  _attributes_mask: s.u64,
  _atime: stamp,
  stx_btime: s.quiet(stamp),
  _ctime: stamp,
  stx_mtime: s.quiet(stamp),
})

export const statfs = s.struct({
  f_type: s.one(constants('fs_magics'), s.xlong),
  f_bsize: s.long,
  f_blocks: s.ulong,
  f_bfree: s.ulong,
  f_bavail: s.ulong,
  f_files: s.ulong,
  f_ffree: s.ulong,
  f_fsid: s.list(s.x32, 2),
  f_namelen: s.long,
  f_frsize: s.long,
  f_flags: s.bits(constants('statfs_flags'), s.long),
})

export const ustat = s.struct({ f_tfree: s.s32, f_tinode: s.ulong, f_fname: s.text(6), f_fpack: s.text(6) })

export const fsxattr = s.struct({
  fa_xflags: s.bits(constants('fs_xflags'), s.u64),
  fa_extsize: s.quiet(s.u32),
  fa_nextents: s.quiet(s.u32),
  fa_projid: s.quiet(s.u32),
  fa_cowextsize: s.quiet(s.u32),
})

export const xattrArgs = s.struct({ value: s.x64, size: s.u32, flags: s.bits(constants('xattr_flags')) })
export const handle = s.struct({ handle_bytes: s.u32, handle_type: s.s32 })
export const cachestatRange = s.struct({ off: s.u64, len: s.u64 })
export const cachestat = s.struct({
  nr_cache: s.u64,
  nr_dirty: s.u64,
  nr_writeback: s.u64,
  nr_evicted: s.u64,
  nr_recently_evicted: s.u64,
})

export const mountAttr = s.struct({
  attr_set: s.bits(constants('mount_attrs'), s.u64),
  attr_clr: s.bits(constants('mount_attrs'), s.u64),
  propagation: s.bits(constants('propagations'), s.u64),
  userns_fd: s.quiet(s.u64),
})
/** param is a mask for statmount, the last id for listmount */
const request = (param: s.Shape) =>
  s.struct({
    size: s.u32,
    _spare: s.u32,
    mnt_id: s.one(constants('mount_ids'), s.x64),
    param,
    mnt_ns_id: s.quiet(s.x64),
  })
export const statmountRequest = request(s.bits(constants('statmount_mask'), s.u64))
export const listmountRequest = request(s.x64)
/** where statmount's texts start: its members contain each text's offset from there */
const STATMOUNT_TEXTS = 512
export const statmount = s.struct({
  size: s.u32,
  mnt_opts: s.pooled(STATMOUNT_TEXTS),
  mask: s.bits(constants('statmount_mask'), s.u64),
  sb_dev_major: s.u32,
  sb_dev_minor: s.u32,
  sb_magic: s.quiet(s.one(constants('fs_magics'), s.x64)),
  sb_flags: s.quiet(s.bits(constants('super_flags'))),
  fs_type: s.pooled(STATMOUNT_TEXTS),
  mnt_id: s.quiet(s.x64),
  mnt_parent_id: s.quiet(s.x64),
  mnt_id_old: s.quiet(s.u32),
  mnt_parent_id_old: s.quiet(s.u32),
  mnt_attr: s.quiet(s.bits(constants('mount_attrs'), s.u64)),
  mnt_propagation: s.quiet(s.bits(constants('propagations'), s.u64)),
  mnt_peer_group: s.quiet(s.x64),
  mnt_master: s.quiet(s.x64),
  propagate_from: s.quiet(s.x64),
  mnt_root: s.pooled(STATMOUNT_TEXTS),
  mnt_point: s.pooled(STATMOUNT_TEXTS),
  mnt_ns_id: s.quiet(s.x64),
  fs_subtype: s.pooled(STATMOUNT_TEXTS),
  sb_source: s.pooled(STATMOUNT_TEXTS),
})

export const flock = s.struct({
  l_type: s.one(constants('lock_types'), s.s16),
  l_whence: s.one(constants('whence'), s.s16),
  l_start: s.long,
  l_len: s.long,
  l_pid: s.s32,
})
export const ownerEx = s.struct({ type: s.one(constants('owner_types'), s.s32), pid: s.s32 })

/** packed on x86-64 only */
export const epollEvent = s.onArm64(
  s.struct({ events: s.packed(s.bits(constants('epoll_events'))), data: s.packed(s.x64) }),
  s.struct({ events: s.bits(constants('epoll_events')), data: s.x64 }),
)
export const pollfd = s.struct({
  fd: s.s32,
  events: s.bits(constants('poll_events'), s.u16),
  revents: s.quiet(s.bits(constants('poll_events'), s.u16)),
})
export const iovec = s.struct({ iov_base: s.pointer, iov_len: s.ulong })
