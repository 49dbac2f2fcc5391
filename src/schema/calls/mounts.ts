// The calls that create, move and list mounts.
import { constants } from '../constants.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import * as t from '../structs/files.js'

const attr = k.input(t.mountAttr, { count: 'usize', each: 1 })

export const mountCalls: Calls = {
  fsopen: { flags: k.flags(constants('fsopen_flags')) },
  fsmount: { flags: k.flags(constants('fsmount_flags')), attr_flags: k.flags(constants('mount_attrs')) },
  fspick: { path: k.pathAt('dfd'), flags: k.flags(constants('fspick_flags')) },
  open_tree: { flags: k.flags(constants('open_tree_flags')) },
  open_tree_attr: { flags: k.flags(constants('open_tree_flags')), uattr: attr },
  move_mount: {
    from_pathname: k.pathAt('from_dfd'),
    to_pathname: k.pathAt('to_dfd'),
    flags: k.flags(constants('move_mount_flags')),
  },
  mount_setattr: { path: k.pathAt('dfd'), flags: k.flags(constants('open_tree_flags')), uattr: attr },
  statmount: {
    req: k.input(t.statmountRequest),
    // options of a mount may contain passwords
    buf: k.omittedBy('buffers', k.output(t.statmount, { count: 'bufsize', each: 1, size: 1024 })),
  },
  listmount: {
    req: k.input(t.listmountRequest),
    mnt_ids: k.output(s.list(s.x64), { count: 'ret' }),
    flags: k.flags(constants('listmount_flags')),
  },
}
