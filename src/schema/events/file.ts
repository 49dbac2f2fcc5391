// Calls on files by path or descriptor other than reading and writing: opening, names, modes, mounts.

import * as b from '../build.js'
import { outputAt } from '../cases.js'
import * as f from '../flags/files.js'
import { fsconfigCmds, mountFlags, umountFlags } from '../flags/mounts.js'
import { creatFlags, fileFlags, openat2Flags } from '../flags/open.js'
import { deviceName } from '../shape.js'
import { AT_FDCWD } from '../special-descriptors.js'
import { STAT_OFFSET, stat } from '../structs/files.js'
import type { EventDef, ParamDef } from '../types.js'

const O_CREAT_OR_TMPFILE = 0o20000100

/** A device's number, major:minor as the kernel packs them; no name if the file is not a device. */
const device = (n: number): ParamDef => b.arg('dev', 'uint32', n, 'dec', { names: deviceName })

/** The mode of a file to be created: the kernel reads it only if the flags (parameter `flags`) request creation. */
const createMode = (n: number, flags: number): ParamDef =>
  b.arg('mode', 'uint32', n, 'oct', { onlyIf: { param: flags, any: O_CREAT_OR_TMPFILE } })

const newFile = b.newFd(b.ret('fd', 'fd'), 'file', { cloexec: b.cloexec('flags', fileFlags) })

const opening: EventDef[] = [
  b.call(3, 'open', 'file', [newFile, b.path('name', 0, 'enter'), b.opened(1), createMode(2, 2), ...b.devIno], {
    opens: 'byFlags',
  }),
  b.call(
    59,
    'creat',
    'file',
    [
      b.newFd(b.ret('fd', 'fd'), 'file'),
      b.path('name', 0, 'enter'),
      b.arg('mode', 'uint32', 1, 'oct'),
      ...b.devIno,
      b.special('creat_flags', 'flags16', 'hex', { flags: creatFlags }),
    ],
    { opens: 'creating', special: 'creat' },
  ),
  b.call(
    307,
    'openat',
    'file',
    [newFile, b.fd('dirfd', 0), b.relPath('name', 1, 1, 'enter'), b.opened(2), createMode(3, 3), ...b.devIno],
    { opens: 'byFlags' },
  ),
  b.call(
    327,
    'openat2',
    'file',
    [
      newFile,
      b.fd('dirfd', 0),
      b.relPath('name', 1, 1, 'enter'),
      b.opened(2, true),
      b.deref('mode', 'uint32', 2, 8, 'oct'),
      b.deref('resolve', 'flags32', 2, 16, 'hex', { flags: openat2Flags }),
      ...b.devIno,
    ],
    { opens: 'byFlags' },
  ),
  b.call(
    337,
    'open_by_handle_at',
    'file',
    [newFile, b.fd('mountfd', 0), b.opened(2), b.special('path', 'fspath'), ...b.devIno],
    { opens: 'byFlags', special: 'open_by_handle' },
  ),
]

/** The target of a symbolic link: any text. */
const linkTarget = b.as('target', b.means('path', b.str('target', 0)))

/** For link, as in libs, the source is the new name and the target the existing one. */
const names: EventDef[] = [
  b.call(175, 'rename', 'file', [b.ret(), b.path('oldpath', 0), b.path('newpath', 1)]),
  b.call(177, 'renameat', 'file', [
    b.ret(),
    b.fd('olddirfd', 0),
    b.relPath('oldpath', 1, 1),
    b.fd('newdirfd', 2),
    b.relPath('newpath', 3, 3),
  ]),
  b.call(319, 'renameat2', 'file', [
    b.ret(),
    b.fd('olddirfd', 0),
    b.relPath('oldpath', 1, 1),
    b.fd('newdirfd', 2),
    b.relPath('newpath', 3, 3),
    b.flags('flags', 4, f.renameat2Flags),
  ]),
  b.call(309, 'link', 'file', [b.ret(), b.as('target', b.path('oldpath', 0)), b.as('source', b.path('newpath', 1))]),
  b.call(311, 'linkat', 'file', [
    b.ret(),
    b.fd('olddir', 0),
    b.as('target', b.relPath('oldpath', 1, 1)),
    b.fd('newdir', 2),
    b.as('source', b.relPath('newpath', 3, 3)),
    b.flags('flags', 4, f.linkatFlags),
  ]),
  b.call(179, 'symlink', 'file', [b.ret(), linkTarget, b.as('source', b.path('linkpath', 1))]),
  b.call(
    181,
    'symlinkat',
    'file',
    [b.ret(), linkTarget, b.fd('linkdirfd', 1), b.as('source', b.relPath('linkpath', 2, 2))],
    { uses: 2 },
  ),
  b.call(301, 'unlink', 'file', [b.ret(), b.path('path', 0)]),
  b.call(
    303,
    'unlinkat',
    'file',
    [b.ret(), b.fd('dirfd', 0), b.relPath('name', 1, 1), b.flags('flags', 2, f.unlinkatFlags)],
    { uses: 1 },
  ),
  b.call(277, 'mkdir', 'file', [b.ret(), b.path('path', 0), b.arg('mode', 'uint32', 1, 'hex')]),
  b.call(
    305,
    'mkdirat',
    'file',
    [b.ret(), b.fd('dirfd', 0), b.relPath('path', 1, 1), b.arg('mode', 'uint32', 2, 'hex')],
    { uses: 1 },
  ),
  b.call(279, 'rmdir', 'file', [b.ret(), b.path('path', 0)]),
  b.call(415, 'mknod', 'other', [
    b.ret(),
    b.path('path', 0),
    b.arg('mode', 'mode', 1, 'oct', { flags: f.mknodMode }),
    device(2),
  ]),
  b.call(
    417,
    'mknodat',
    'other',
    [
      b.ret(),
      b.fd('dirfd', 0),
      b.relPath('path', 1, 1),
      b.arg('mode', 'mode', 2, 'oct', { flags: f.mknodMode }),
      device(3),
    ],
    { uses: 1 },
  ),
]

/** Type, owner and size of the file, as the call returned them at argument n. */
const status = (n: number): ParamDef => b.added(b.struct('statbuf', outputAt(stat, n, { off: STAT_OFFSET })))

const queries: EventDef[] = [
  b.call(67, 'stat', 'file', [b.ret(), b.path('path', 0), status(1)]),
  b.call(69, 'lstat', 'file', [b.ret(), b.path('path', 0), status(1)]),
  b.call(71, 'fstat', 'file', [b.ret(), b.fd('fd', 0, 'na'), status(1)], { uses: 1 }),
  b.call(73, 'stat64', 'file', [b.ret(), b.path('path', 0)]),
  b.call(75, 'lstat64', 'file', [b.ret(), b.path('path', 0)]),
  b.call(77, 'fstat64', 'file', [b.ret()]),
  b.call(
    419,
    'newfstatat',
    'file',
    [b.ret(), b.fd('dirfd', 0), b.relPath('path', 1, 1), b.flags('flags', 3, f.newfstatatFlags), status(2)],
    { uses: 1 },
  ),
  b.call(265, 'access', 'file', [b.ret(), b.path('name', 0), b.flags('mode', 1, f.accessFlags)]),
  b.call(
    93,
    'getcwd',
    'file',
    [b.ret(), b.means('directory', b.param('path', 'charbuf', { op: 'str', n: 0, at: 'exit', onOk: true }))],
    {
      changes: 'own',
    },
  ),
  b.call(237, 'getdents', 'file', [b.ret(), b.fd('fd', 0, 'na')], { uses: 1 }),
  b.call(239, 'getdents64', 'file', [b.ret(), b.fd('fd', 0, 'na')], { uses: 1 }),
]

const owners: EventDef[] = [
  b.call(315, 'chmod', 'file', [
    b.ret(),
    b.path('filename', 0),
    b.arg('mode', 'mode', 1, 'oct', { flags: f.chmodMode }),
  ]),
  b.call(317, 'fchmod', 'file', [b.ret(), b.fd('fd', 0), b.arg('mode', 'mode', 1, 'oct', { flags: f.chmodMode })], {
    uses: 1,
  }),
  b.call(
    313,
    'fchmodat',
    'file',
    [b.ret(), b.fd('dirfd', 0), b.relPath('filename', 1, 1), b.arg('mode', 'mode', 2, 'oct', { flags: f.chmodMode })],
    { uses: 1 },
  ),
  b.call(379, 'chown', 'file', [b.ret(), b.path('path', 0), b.arg('uid', 'uint32', 1), b.arg('gid', 'uint32', 2)]),
  b.call(381, 'lchown', 'file', [b.ret(), b.path('path', 0), b.arg('uid', 'uint32', 1), b.arg('gid', 'uint32', 2)]),
  b.call(383, 'fchown', 'file', [b.ret(), b.fd('fd', 0), b.arg('uid', 'uint32', 1), b.arg('gid', 'uint32', 2)], {
    uses: 1,
  }),
  b.call(
    385,
    'fchownat',
    'file',
    [
      b.ret(),
      b.fd('dirfd', 0),
      b.relPath('pathname', 1, 1),
      b.arg('uid', 'uint32', 2),
      b.arg('gid', 'uint32', 3),
      b.flags('flags', 4, f.fchownatFlags),
    ],
    { uses: 1 },
  ),
]

const mounts: EventDef[] = [
  b.call(257, 'mount', 'file', [
    b.ret(),
    b.as('source', b.means('path', b.str('dev', 0))),
    b.as('target', b.path('dir', 1)),
    b.str('type', 2),
    b.flags('flags', 3, mountFlags),
    b.omittedBy('buffers', b.added(b.str('data', 4))),
  ]),
  b.call(387, 'umount', 'file', [b.ret(), b.path('name', 0)]),
  b.call(391, 'umount2', 'file', [b.ret(), b.path('name', 0), b.flags('flags', 1, umountFlags)]),
]

/** FSCONFIG_SET_PATH, FSCONFIG_SET_PATH_EMPTY */
const FSCONFIG_PATHS: ReadonlySet<number> = new Set([3, 4])

const fileSystems: EventDef[] = [
  b.call(
    373,
    'fsconfig',
    'system',
    [
      b.ret(),
      b.fd('fd', 0),
      b.choice('cmd', 1, fsconfigCmds),
      b.str('key', 2),
      b.special('value_bytebuf', 'bytebuf'),
      // paths are names, other texts may be passwords
      b.omittedBy(
        'buffers',
        b.special('value_charbuf', 'charbuf'),
        (row) => !FSCONFIG_PATHS.has(row.numberOf('cmd') ?? -1),
      ),
      b.arg('aux', 'int32', 4, 'dec', { names: (n) => (n === AT_FDCWD ? 'AT_FDCWD' : undefined) }),
    ],
    { uses: 1, special: 'fsconfig' },
  ),
]

const changes = [...names, ...owners, ...mounts].map((d): EventDef => ({ ...d, changesFiles: true }))

export const fileEvents: readonly EventDef[] = [...opening, ...changes, ...queries, ...fileSystems]
