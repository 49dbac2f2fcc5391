// User and group ids, and disk quotas.
import * as b from '../build.js'
import { quotactlCmds, quotactlDqiFlags, quotactlFmts, quotactlTypes } from '../flags/quota.js'
import type { EventDef } from '../types.js'

const quota = (name: string) => b.special(name, 'uint64')
const quotaTime = (name: string) => b.special(name, 'reltime')

const becomes = { changes: 'own', renews: ['creds'], state: true } as const

export const userEvents: readonly EventDef[] = [
  b.call(203, 'getuid', 'user', [b.ret('uid', 'uid')]),
  b.call(205, 'geteuid', 'user', [b.ret('euid', 'uid')]),
  b.call(207, 'getgid', 'user', [b.ret('gid', 'gid')]),
  b.call(209, 'getegid', 'user', [b.ret('egid', 'gid')]),
  b.call(211, 'getresuid', 'user', [
    b.ret(),
    b.result('ruid', 'uid', 0),
    b.result('euid', 'uid', 1),
    b.result('suid', 'uid', 2),
  ]),
  b.call(213, 'getresgid', 'user', [
    b.ret(),
    b.result('rgid', 'gid', 0),
    b.result('egid', 'gid', 1),
    b.result('sgid', 'gid', 2),
  ]),
  b.call(199, 'setuid', 'user', [b.ret(), b.arg('uid', 'uid', 0)], becomes),
  b.call(201, 'setgid', 'user', [b.ret(), b.arg('gid', 'gid', 0)], becomes),
  b.call(427, 'setreuid', 'user', [b.ret(), b.arg('ruid', 'uid', 0), b.arg('euid', 'uid', 1)], becomes),
  b.call(429, 'setregid', 'user', [b.ret(), b.arg('rgid', 'uid', 0), b.arg('egid', 'uid', 1)], becomes),
  b.call(
    193,
    'setresuid',
    'user',
    [b.ret(), b.arg('ruid', 'uid', 0), b.arg('euid', 'uid', 1), b.arg('suid', 'uid', 2)],
    becomes,
  ),
  b.call(
    195,
    'setresgid',
    'user',
    [b.ret(), b.arg('rgid', 'gid', 0), b.arg('egid', 'gid', 1), b.arg('sgid', 'gid', 2)],
    becomes,
  ),
  b.call(
    191,
    'quotactl',
    'user',
    [
      b.ret(),
      b.means('path', b.str('special', 1)),
      b.means('path', b.special('quotafilepath', 'charbuf')),
      quota('dqb_bhardlimit'),
      quota('dqb_bsoftlimit'),
      quota('dqb_curspace'),
      quota('dqb_ihardlimit'),
      quota('dqb_isoftlimit'),
      quotaTime('dqb_btime'),
      quotaTime('dqb_itime'),
      quotaTime('dqi_bgrace'),
      quotaTime('dqi_igrace'),
      b.special('dqi_flags', 'flags8', 'dec', { flags: quotactlDqiFlags }),
      b.special('quota_fmt_out', 'flags8', 'dec', { flags: quotactlFmts }),
      b.flags('cmd', 0, quotactlCmds, 'flags16', 'dec'),
      b.flags('type', 0, quotactlTypes, 'flags8', 'dec'),
      b.special('id', 'uint32'),
      b.special('quota_fmt', 'flags8', 'dec', { flags: quotactlFmts }),
    ],
    { special: 'quotactl' },
  ),
]
