// Files by path and by descriptor: attributes, space, readahead, links, file systems.

import * as b from '../build.js'
import { constants } from '../constants.js'
import { spliceFlags } from '../flags/files.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import { deviceName } from '../shape.js'
import * as t from '../structs/files.js'
import { quotas } from './quota.js'

const at = k.flags(constants('at_flags'))
const value = k.dataIn('size')
const valueOut = k.dataOut('size')
const names = k.output(s.texts(1024), { count: 'ret', within: 'size' })
const set = { name: k.text, value, flags: k.flags(constants('xattr_flags')) }
const get = { name: k.text, value: valueOut }
const mode = k.flags(constants('access_modes'))
const iov: k.Kind = (_, n) => b.param('data', 'bytebuf', { op: 'iovec', n, cnt: n + 1, len: 'sum' })
const iovRead: k.Kind = (_, n) => b.param('data', 'bytebuf', { op: 'iovec', n, cnt: n + 1, len: 'ret' })
const size: k.Kind = (_, n) => b.param('size', 'uint32', { op: 'iovsize', n, cnt: n + 1 })
const vectors = k.input(s.list(t.iovec), { count: 'nr_segs' })

export const fileCalls: Calls = {
  setxattr: set,
  lsetxattr: set,
  fsetxattr: set,
  getxattr: get,
  lgetxattr: get,
  fgetxattr: get,
  listxattr: { list: names },
  llistxattr: { list: names },
  flistxattr: { list: names },
  setxattrat: { at_flags: at, uargs: k.input(t.xattrArgs) },
  getxattrat: { at_flags: at, uargs: k.input(t.xattrArgs) },
  listxattrat: { at_flags: at, list: names },
  removexattrat: { at_flags: at },
  file_getattr: { ufattr: k.output(t.fsxattr, { count: 'usize', each: 1 }), at_flags: at },
  file_setattr: { ufattr: k.input(t.fsxattr, { count: 'usize', each: 1 }), at_flags: at },
  readlink: { buf: k.meaning('path', k.textOut('bufsiz')) },
  readlinkat: { buf: k.meaning('path', k.textOut('bufsiz')) },
  faccessat: { mode },
  faccessat2: { mode, flags: k.flags(constants('eaccess_flags')) },
  fchmodat2: { flags: at },
  umask: { mask: k.octal },
  ustat: { dev: k.named(deviceName, 'uint32'), ubuf: k.output(t.ustat) },
  statfs: { buf: k.output(t.statfs) },
  fstatfs: { buf: k.output(t.statfs) },
  statx: { flags: at, mask: k.flags(constants('statx_mask')), buffer: k.output(t.statx) },
  fallocate: { mode: k.flags(constants('fallocate_modes')) },
  fadvise64: { advice: k.oneOf(constants('fadvise_advice')) },
  arm_fadvise64_64: { advice: k.oneOf(constants('fadvise_advice')) },
  sync_file_range: { flags: k.flags(constants('sync_range_flags')) },
  arm_sync_file_range: { flags: k.flags(constants('sync_range_flags')) },
  quotactl_fd: { cmd: k.selector(quotas, 'uint32', 'hex'), addr: k.selects(quotas, 'cmd') },
  name_to_handle_at: { handle: k.output(t.handle), mnt_id: k.output(s.s32), flag: k.flags(constants('handle_flags')) },
  cachestat: { cstat_range: k.input(t.cachestatRange), cstat: k.output(t.cachestat) },
  preadv2: { data: k.forArgument('vec', iovRead), vec: size, flags: k.flags(constants('rw_flags')) },
  pwritev2: { data: k.forArgument('vec', iov), vec: size, flags: k.flags(constants('rw_flags')) },
  vmsplice: { data: k.forArgument('uiov', iov), uiov: vectors, flags: k.flags(spliceFlags) },
  getrandom: { ubuf: k.dataOut('len'), flags: k.flags(constants('random_flags')) },
  swapon: { swap_flags: k.flags(constants('swap_flags')) },
  lookup_dcookie: { buf: k.textOut('len') },
}
