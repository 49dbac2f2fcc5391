// The kernel side's own records: never shown, they keep the state true. native/bpf writes them in these layouts.
import * as b from '../build.js'
import { CODE } from '../codes.js'
import type { EventFacts } from '../facts.js'
import type { EventDef } from '../types.js'

/**
 * Bits of `shared` in ks_fork and ks_fds: what the child has in common with the thread that made it, or a thread with its main
 * thread; NONE: no other thread has this table of descriptors.
 */
export const SHARED = { FILES: 1, FS: 2, MM: 4, THREAD: 8, NONE: 16 } as const

const own = (code: number, name: string, params: EventDef['params'], facts: EventFacts = {}) =>
  b.meta(code, name, 'internal', params, true, facts)

/** of threads */
const changes = { changes: 'own' } as const

export const internalEvents: readonly EventDef[] = [
  /** The row's thread made another: before that one runs. ptid is the new one's parent process (its own parent with
   * CLONE_PARENT), vtid and vpid are in its own namespace, start is CLOCK_BOOTTIME ns. */
  own(
    CODE.ks_fork,
    'ks_fork',
    [
      b.special('tid', 'pid'),
      b.special('pid', 'pid'),
      b.special('ptid', 'pid'),
      b.special('vtid', 'pid'),
      b.special('vpid', 'pid'),
      b.special('shared', 'uint32', 'hex'),
      b.special('start', 'uint64'),
      b.means('comm', b.special('comm', 'charbuf')),
    ],
    { ...changes, task: 'fork' },
  ),
  /** Its new thread tid has another pid namespace than the row's thread: when the first process there began, CLOCK_BOOTTIME ns. */
  own(CODE.ks_pidns, 'ks_pidns', [b.special('tid', 'pid'), b.special('pidns_init_start_ts', 'uint64')], changes),
  /** The row's thread is now another program; it had the number oldtid until then (a thread that is not its process's
   * main one takes the main one's place). */
  own(
    CODE.ks_exec,
    'ks_exec',
    [
      b.special('oldtid', 'pid'),
      b.means('comm', b.special('comm', 'charbuf')),
      b.means('program', b.special('filename', 'fspath')),
    ],
    { ...changes, task: 'exec' },
  ),
  /** Thread tid has a new name; the row's thread gave it. */
  own(
    CODE.ks_rename,
    'ks_rename',
    [b.special('tid', 'pid'), b.special('pid', 'pid'), b.means('comm', b.special('comm', 'charbuf'))],
    {
      ...changes,
      task: 'comm',
    },
  ),
  /** The row's process has a descriptor that no call of its own opened, or one whose path does not tell which file it is (`link/../x`). path: absolute, or the name of what has no
   * place in the tree ("anon_inode:[eventpoll]"); family, sockType, proto and tcpState are those of sockets, accepted is 1
   * where the other end made the connection. After a ks_fds, and with its time: one of the descriptors in that table. */
  own(CODE.ks_fd, 'ks_fd', [
    b.special('fd', 'fd'),
    b.special('mode', 'uint32', 'oct'),
    b.special('dev', 'uint32', 'hex'),
    b.special('ino', 'uint64'),
    b.special('flags', 'uint32', 'hex'),
    b.special('family', 'uint32'),
    b.special('sockType', 'uint32'),
    b.special('proto', 'uint32'),
    b.special('tcpState', 'uint32'),
    b.special('accepted', 'uint32'),
    b.special('tuple', 'socktuple'),
    b.special('path', 'fspath'),
  ]),
  /** The row's thread has bound a socket, or made it listen: where it is bound, which the kernel may have chosen (port 0). */
  own(CODE.ks_bound, 'ks_bound', [b.special('fd', 'fd'), b.special('tuple', 'socktuple')]),
  /** The descriptors of the row's thread are told anew, those that follow are all that there are. shared: whether its main
   * thread has the same table, or nobody else. */
  own(CODE.ks_fds, 'ks_fds', [b.special('shared', 'uint32', 'hex')]),
  /** The row's thread may have moved: its working directory as seen from its root, and that root from the initial one. */
  own(
    CODE.ks_cwd,
    'ks_cwd',
    [b.means('cwd', b.special('cwd', 'fspath')), b.means('cwd', b.special('root', 'fspath'))],
    changes,
  ),
  /** The row's thread may have changed its ids or capabilities: what they are now. */
  own(
    CODE.ks_creds,
    'ks_creds',
    [
      b.special('uid', 'uid'),
      b.special('euid', 'uid'),
      b.special('gid', 'gid'),
      b.special('egid', 'gid'),
      b.special('loginuid', 'uid'),
      b.special('cap_inheritable', 'uint64', 'hex'),
      b.special('cap_permitted', 'uint64', 'hex'),
      b.special('cap_effective', 'uint64', 'hex'),
    ],
    changes,
  ),
  /** A cgroup was made (gone 0) or removed (gone 1): the number that the kernel has for it, the inode of its directory, and
   * its path in its hierarchy. Only of the hierarchy by which containers are told apart: the unified one, where it is used. With
   * a filter of containers of the others too: the place of the hierarchy stands above the number (KSYS_CGROUP_KEY). */
  own(
    CODE.ks_cgroup,
    'ks_cgroup',
    [b.special('id', 'uint64'), b.special('gone', 'uint32'), b.means('cgroup', b.special('path', 'charbuf'))],
    changes,
  ),
  /** Thread tid was moved to other cgroups, with all threads of its process or (alone 1) by itself. */
  own(
    CODE.ks_cgroups,
    'ks_cgroups',
    [
      b.special('tid', 'pid'),
      b.special('pid', 'pid'),
      b.special('alone', 'uint32'),
      b.means('cgroups', b.special('cgroups', 'charbufarray')),
    ],
    changes,
  ),
  /** The row's thread is in this call: nr is the number it is recorded under, the result the one that its program gave. The latency is the time since its beginning, absent
   * when that was not seen; slept is ns since the thread last ran, absent when it runs or the kernel does not keep it. The
   * arguments are those of the registers, path and path2 what was read at the beginning. Told at the end of a capture and
   * when somebody asks. */
  own(
    CODE.ks_inflight,
    'ks_inflight',
    [
      b.special('nr', 'uint32'),
      b.special('slept', 'uint64'),
      ...[0, 1, 2, 3, 4, 5].map((i) => b.special(`arg${i}`, 'uint64', 'hex')),
      b.means('path', b.special('path', 'charbuf')),
      b.means('path', b.special('path2', 'charbuf')),
    ],
    changes,
  ),
  /** What the number of a stack means in the rows that follow. frames: how many words of the program, pairs among them and words of the
   * kernel there are (u16 each), then the words: return addresses, innermost first; the last of the program's are the pairs, each a return
   * address that was found on the stack and where its call leads. text: what they are called, outermost first, with semicolons between;
   * where it is known, frames are empty. */
  own(
    CODE.ks_stack,
    'ks_stack',
    [b.special('stack', 'uint32'), b.special('frames', 'bytebuf'), b.means('stack', b.special('text', 'charbuf'))],
    { changes: 'all' },
  ),
  /** The row's process has code of a file: addresses from start to end are what is at offset in it. After a ks_exec, and with its time,
   * it is that of the new program: start is where the first segment of code begins, offset -1, and interpreter where the file that its
   * PT_INTERP names is (0: it has none). */
  own(CODE.ks_mmap, 'ks_mmap', [
    b.special('start', 'uint64', 'hex'),
    b.special('end', 'uint64', 'hex'),
    b.special('offset', 'int64'),
    b.special('interpreter', 'uint64', 'hex'),
    b.special('ino', 'uint64'),
    b.special('dev', 'uint32', 'hex'),
    b.means('program', b.special('path', 'fspath')),
  ]),
  /** Calls of one kind (call: the code of its end) that were counted instead of recorded, of all processes with this name in the
   * cgroup with this number: how many, how many of them failed, results above 0 and latencies (ns) all together, and how many there are
   * in each bucket of latencies (u32 each: metrics/latency-buckets.ts). No state: whoever asked for it adds them up. */
  own(CODE.ks_counted, 'ks_counted', [
    b.special('call', 'uint32'),
    b.special('cgroup', 'uint64'),
    b.special('calls', 'uint64'),
    b.special('errors', 'uint64'),
    b.special('results', 'uint64'),
    b.special('time', 'uint64'),
    b.special('latencies', 'bytebuf'),
    b.means('comm', b.special('comm', 'charbuf')),
  ]),
  /** What the row's thread has used since its birth: ns on a CPU, and the ticks' view of how they divide (ns in the
   * program, ns in the kernel); memory in KiB; page faults. Once a second where something ran, once more with the same
   * times when it stopped, and at the thread's end. */
  own(CODE.ks_times, 'ks_times', [
    b.special('ran', 'uint64'),
    b.special('user', 'uint64'),
    b.special('system', 'uint64'),
    b.special('pgft_maj', 'uint64'),
    b.special('pgft_min', 'uint64'),
    b.special('vm_size', 'uint32'),
    b.special('vm_rss', 'uint32'),
    b.special('vm_swap', 'uint32'),
  ]),
]
