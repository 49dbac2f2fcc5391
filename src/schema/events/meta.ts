// Events other than system calls: the kernel's tracepoints, and events that only other tools' capture files contain.
import * as b from '../build.js'
import { CODE } from '../codes.js'
import { anonInodeTypes } from '../flags/files.js'
import { ioUringCqeFlags, ioUringOpcodes, ioUringSqeFlags } from '../flags/ipc.js'
import { pageFaultFlags } from '../flags/memory.js'
import { fileFlags } from '../flags/open.js'
import { execveFlags } from '../flags/process.js'
import { LOSSES } from '../losses.js'
import type { EventDef, ParamDef } from '../types.js'

const tracepoints: EventDef[] = [
  b.meta(148, 'drop', 'internal', [b.special('ratio', 'uint32')]),
  b.meta(
    149,
    'drop',
    'internal',
    [
      b.special('ratio', 'uint32'),
      // the number of lost events, and their kinds; then of lost records that keep threads and descriptors correct, which are
      // not events
      b.special('lost', 'uint64'),
      ...LOSSES.map((kind) => b.special(kind, 'uint64')),
    ],
    false,
    { missing: true },
  ),
  b.meta(152, 'switch', 'scheduler', [
    b.special('next', 'pid'),
    b.special('pgft_maj', 'uint64'),
    b.special('pgft_min', 'uint64'),
    b.special('vm_size', 'uint32'),
    b.special('vm_rss', 'uint32'),
    b.special('vm_swap', 'uint32'),
    // how long it has run since the processor switched to it
    b.added(b.special('ran', 'reltime')),
  ]),
  b.meta(
    186,
    'procexit',
    'process',
    [
      b.special('status', 'errno'),
      b.special('ret', 'errno'),
      b.special('sig', 'sigtype'),
      b.special('core', 'uint8'),
      b.special('reaper_tid', 'pid'),
    ],
    true,
    { task: 'exit', changes: 'own' },
  ),
  b.meta(232, 'signaldeliver', 'signal', [
    b.special('spid', 'pid'),
    b.special('dpid', 'pid'),
    b.special('sig', 'sigtype'),
  ]),
  {
    ...b.meta(CODE.io_uring_complete, 'io_uring_complete', 'io_other', [
      b.ret(),
      b.special('fd', 'fd'),
      b.special('opcode', 'enumflags8', 'dec', { flags: ioUringOpcodes }),
      b.special('sqe_flags', 'flags8', 'hex', { flags: ioUringSqeFlags }),
      b.special('file_index', 'uint32'),
      b.special('user_data', 'uint64', 'hex'),
      b.special('cqe_flags', 'flags32', 'hex', { flags: ioUringCqeFlags }),
      ...[
        // for an operation on two paths the source: the old name, for a link the new one
        b.special('dirfd', 'fd'),
        b.special('path', 'fsrelpath', 'na', { dirfd: 7 }),
        b.special('targetdirfd', 'fd'),
        b.special('target', 'fsrelpath', 'na', { dirfd: 9 }),
        // the target of a symbolic link
        b.means('path', b.special('link', 'charbuf')),
        b.special('xattr', 'charbuf'),
        // the descriptor that splice and tee copy from; `fd` is the one they write to
        b.special('fd_in', 'fd'),
      ].map(b.optional),
    ]),
    fd: 1,
    fdEffect: 'uses',
    changesFiles: true,
  },
  // of the process that the OOM killer has chosen; sizes in KiB
  b.meta(CODE.oomkill, 'oomkill', 'process', [
    // the process whose allocation failed
    b.special('invoker', 'pid'),
    b.special('total_vm', 'uint32'),
    b.special('anon_rss', 'uint32'),
    b.special('file_rss', 'uint32'),
    b.special('shmem_rss', 'uint32'),
    b.special('swap', 'uint32'),
    b.special('pgtables', 'uint32'),
    b.special('oom_score_adj', 'int32'),
    // the cgroup whose memory is at its limit; absent if it is the machine's that is short
    b.means('cgroup', b.optional(b.special('limit', 'charbuf'))),
  ]),
  b.meta(290, 'page_fault', 'other', [
    b.special('addr', 'uint64', 'hex'),
    b.special('ip', 'uint64', 'hex'),
    b.special('error', 'flags32', 'hex', { flags: pageFaultFlags }),
  ]),
]

/** The effect of a capture's ceilings on a cgroup: its calls, or all its events, are counted instead of recorded from `begin` to `end`. */
const throttle = b.meta(
  CODE.throttle,
  'throttle',
  'internal',
  [
    b.means('own word', b.special('change', 'charbuf')),
    b.means('cgroup', b.special('cgroup', 'charbuf')),
    // the option that set the ceiling, and what is dropped: events of all kinds, or only those that the filter does not pass
    b.means('own word', b.special('ceiling', 'charbuf')),
    b.means('own word', b.special('leaves', 'charbuf')),
    // events dropped since the start of throttling, and the time since then
    b.special('left_out', 'uint64'),
    b.special('lasted', 'reltime'),
  ],
  false,
  { missing: true },
)

const userEntry: readonly ParamDef[] = [
  b.special('uid', 'uint32'),
  b.special('gid', 'uint32'),
  b.means('user', b.special('name', 'charbuf')),
  b.means('home', b.special('home', 'charbuf')),
  b.means('shell', b.special('shell', 'charbuf')),
  b.means('container id', b.special('container_id', 'charbuf')),
]
const groupEntry: readonly ParamDef[] = [
  b.special('gid', 'uint32'),
  b.means('group', b.special('name', 'charbuf')),
  b.means('container id', b.special('container_id', 'charbuf')),
]

/** accounts and containers */
const ofAll = { changes: 'all' } as const

const fromFiles: EventDef[] = [
  b.meta(196, 'scapevent', 'internal', [b.special('event_type', 'uint32'), b.special('event_data', 'uint64')]),
  b.meta(234, 'procinfo', 'internal', [b.special('cpu_usr', 'uint64'), b.special('cpu_sys', 'uint64')]),
  b.meta(244, 'cpu_hotplug', 'system', [b.special('cpu', 'uint32'), b.special('action', 'uint32')], true),
  b.meta(280, 'notification', 'other', [b.special('id', 'charbuf', 'dec'), b.special('desc', 'charbuf')]),
  b.meta(286, 'infra', 'internal', [
    b.special('source', 'charbuf', 'dec'),
    b.special('name', 'charbuf'),
    b.special('description', 'charbuf'),
    b.special('scope', 'charbuf'),
  ]),
  b.meta(322, 'pluginevent', 'other', [b.special('plugin_id', 'uint32'), b.special('event_data', 'bytebuf')]),
  b.meta(324, 'container', 'process', [b.means('container', b.special('json', 'charbuf'))], true, ofAll),
  b.meta(354, 'useradded', 'process', userEntry, true, ofAll),
  b.meta(356, 'userdeleted', 'process', userEntry, true, ofAll),
  b.meta(358, 'groupadded', 'process', groupEntry, true, ofAll),
  b.meta(360, 'groupdeleted', 'process', groupEntry, true, ofAll),
  b.meta(
    402,
    'asyncevent',
    'other',
    [
      b.special('plugin_id', 'uint32'),
      b.special('name', 'charbuf'),
      b.means('container', b.special('data', 'bytebuf')),
    ],
    false,
    ofAll,
  ),
]

const file = (...more: ParamDef[]): readonly ParamDef[] => [
  b.special('fd', 'fd32'),
  ...more,
  b.special('ino_num', 'uint64'),
]
const kind = [b.special('sk_type', 'uint16'), b.special('sk_proto', 'uint16')]
const ends = (type: 'ipv4addr' | 'ipv6addr') => [
  b.special('local_ip', type, 'hex'),
  b.special('local_port', 'port', 'hex'),
  b.special('remote_ip', type, 'hex'),
  b.special('remote_port', 'port', 'hex'),
]

/** What existed at the start of a capture, as the newest libs writes it instead of process lists. */
const existing: EventDef[] = [
  b.meta(
    430,
    'task',
    'process',
    [
      b.special('ppid', 'pid32'),
      b.special('pgid', 'pid32'),
      b.special('vpgid', 'pid32'),
      b.special('sid', 'pid32'),
      b.means('comm', b.special('comm', 'charbuf')),
      b.means('args', b.special('argv', 'charbufarray')),
      b.means('exepath', b.special('exepath', 'fspath')),
      b.special('flags', 'flags32', 'hex', { flags: execveFlags }),
      b.means('env', b.special('env', 'charbufarray')),
      b.means('cwd', b.special('cwd', 'charbuf')),
      b.special('fdlimit', 'uint64'),
      b.special('euid', 'uid'),
      b.special('egid', 'gid'),
      b.special('cap_permitted', 'uint64', 'hex'),
      b.special('cap_effective', 'uint64', 'hex'),
      b.special('cap_inheritable', 'uint64', 'hex'),
      b.special('exe_ino_num', 'uint64'),
      b.special('exe_ino_ctime', 'abstime'),
      b.special('exe_ino_mtime', 'abstime'),
      b.special('vm_size', 'uint32'),
      b.special('vm_rss', 'uint32'),
      b.special('vm_swap', 'uint32'),
      b.special('pgft_maj', 'uint64'),
      b.special('pgft_min', 'uint64'),
      b.special('vtgid', 'pid32'),
      b.special('vpid', 'pid32'),
      b.special('pidns_init_start_ts', 'uint64'),
      b.means('cgroups', b.special('cgroups', 'charbufarray')),
      b.means('cwd', b.special('root', 'fspath')),
      b.special('start_time', 'abstime'),
      b.special('tty', 'uint32'),
      b.special('loginuid', 'uid'),
    ],
    true,
  ),
  b.meta(432, 'task_file_pipe', 'file', file(b.special('path', 'fspath')), true),
  b.meta(434, 'task_file_memfd', 'file', file(b.special('path', 'fspath')), true),
  b.meta(
    436,
    'task_file_regular',
    'file',
    file(
      b.special('path', 'fspath'),
      b.special('flags', 'flags32', 'hex', { flags: fileFlags }),
      b.special('mnt_id', 'uint32'),
    ),
    true,
  ),
  b.meta(438, 'task_file_directory', 'file', file(b.special('path', 'fspath')), true),
  b.meta(440, 'task_file_socket_inet', 'file', file(...kind, ...ends('ipv4addr')), true),
  b.meta(442, 'task_file_socket_inet6', 'file', file(...kind, ...ends('ipv6addr')), true),
  b.meta(
    444,
    'task_file_socket_unix',
    'file',
    file(...kind, b.special('sk_pointer', 'uint64', 'na'), b.special('sun_path', 'fspath')),
    true,
  ),
  b.meta(446, 'task_file_socket_netlink', 'file', file(...kind), true),
  b.meta(
    448,
    'task_file_anon_inode',
    'file',
    file(b.special('fd_type', 'flags8', 'dec', { flags: anonInodeTypes }), b.special('path', 'fspath')),
    true,
  ),
]

export const metaEvents: readonly EventDef[] = [...tracepoints, throttle, ...fromFiles, ...existing]
