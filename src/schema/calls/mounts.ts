// The calls that create, move and list mounts.
import * as c from '../constants/mount.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import * as t from '../structs/files.js'

const attr = k.input(t.mountAttr, { count: 'usize', each: 1 })

export const mountCalls: Calls = {
  fsopen: { flags: k.flags(c.fsopenFlags) },
  fsmount: { flags: k.flags(c.fsmountFlags), attr_flags: k.flags(c.mountAttrs) },
  fspick: { path: k.pathAt('dfd'), flags: k.flags(c.fspickFlags) },
  open_tree: { flags: k.flags(c.openTreeFlags) },
  open_tree_attr: { flags: k.flags(c.openTreeFlags), uattr: attr },
  move_mount: {
    from_pathname: k.pathAt('from_dfd'),
    to_pathname: k.pathAt('to_dfd'),
    flags: k.flags(c.moveMountFlags),
  },
  mount_setattr: { path: k.pathAt('dfd'), flags: k.flags(c.openTreeFlags), uattr: attr },
  statmount: {
    req: k.input(t.statmountRequest),
    // options of a mount may contain passwords
    buf: k.omittedBy('buffers', k.output(t.statmount, { count: 'bufsize', each: 1, size: 1024 })),
  },
  listmount: {
    req: k.input(t.listmountRequest),
    mnt_ids: k.output(s.list(s.x64), { count: 'ret' }),
    flags: k.flags(c.listmountFlags),
  },
}
