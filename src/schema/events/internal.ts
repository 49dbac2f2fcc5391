// The kernel side's own records: never shown, they keep the state correct. native/bpf writes them in these layouts.
import * as b from '../build.js'
import { CODE } from '../codes.js'
import type { EventFacts } from '../facts.js'
import type { EventDef } from '../types.js'

/**
 * Bits of `shared` in ks_fork and ks_fds: what the child shares with the thread that created it, or a thread with its main
 * thread; NONE: no other thread has this descriptor table.
 */
export const SHARED = { FILES: 1, FS: 2, MM: 4, THREAD: 8, NONE: 16 } as const

const own = (code: number, name: string, params: EventDef['params'], facts: EventFacts = {}) =>
  b.meta(code, name, 'internal', params, true, facts)

/** of threads */
const changes = { changes: 'own' } as const

export const internalEvents: readonly EventDef[] = [
  /**
   * The row's thread created another; emitted before that one runs. ptid is the new one's parent process (its own parent with
   * CLONE_PARENT), vtid and vpid are in its own namespace, start is CLOCK_BOOTTIME ns.
   */
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
  /** Its new thread tid is in another pid namespace than the row's thread: start time of the first process there, CLOCK_BOOTTIME ns. */
  own(CODE.ks_pidns, 'ks_pidns', [b.special('tid', 'pid'), b.special('pidns_init_start_ts', 'uint64')], changes),
  /**
   * The row's thread now runs another program; its previous id was oldtid (a thread that is not its process's main thread takes
   * the main thread's id).
   */
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
  /**
   * The row's process has a descriptor that no call of its own opened, or one whose path is ambiguous (`link/../x`). path:
   * absolute, or the name of a file outside the tree ("anon_inode:[eventpoll]"); family, sockType, proto and tcpState are those
   * of sockets, accepted is 1 if the remote end opened the connection. After a ks_fds, and with its time: one of the
   * descriptors in that table.
   */
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
  /** The row's thread has bound a socket, or made it listen: its bound address, whose port the kernel may have chosen (port 0). */
  own(CODE.ks_bound, 'ks_bound', [b.special('fd', 'fd'), b.special('tuple', 'socktuple')]),
  /**
   * The descriptors of the row's thread are sent again; those that follow are the whole table. shared: whether its main thread
   * has the same table, or no other thread has it.
   */
  own(CODE.ks_fds, 'ks_fds', [b.special('shared', 'uint32', 'hex')]),
  /** The row's thread may have moved: its working directory as seen from its root, and that root from the initial one. */
  own(
    CODE.ks_cwd,
    'ks_cwd',
    [b.means('cwd', b.special('cwd', 'fspath')), b.means('cwd', b.special('root', 'fspath'))],
    changes,
  ),
  /** The row's thread may have changed its ids or capabilities: their present values. */
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
  /**
   * A cgroup was created (gone 0) or removed (gone 1): the kernel's number for it, the inode of its directory, and its path in
   * its hierarchy. Only of the hierarchy that distinguishes containers: the unified one, if it is used. With a filter by
   * containers, of the other hierarchies too: the hierarchy's index is then in the bits above the number (KSYS_CGROUP_KEY).
   */
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
  /**
   * The row's thread is in this call: nr is the number it is recorded under, the result the program's own number. The latency
   * is the time since the call's start, absent if that was not seen; slept is ns since the thread last ran, absent if it is
   * running or the kernel does not track it. The arguments are those of the registers; path and path2 were read at the start.
   * Emitted at the end of a capture and on request.
   */
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
  /**
   * The meaning of a stack number in the rows that follow. frames: the number of words of the program, of pairs among them and
   * of words of the kernel (u16 each), then the words: return addresses, innermost first; the last of the program's are the
   * pairs, each a return address that was found on the stack and the target of its call. text: the functions' names, outermost
   * first, separated by semicolons; if it is present, frames are empty.
   */
  own(
    CODE.ks_stack,
    'ks_stack',
    [b.special('stack', 'uint32'), b.special('frames', 'bytebuf'), b.means('stack', b.special('text', 'charbuf'))],
    { changes: 'all' },
  ),
  /**
   * The row's process has mapped code of a file: addresses from start to end are the file's content at offset. After a ks_exec,
   * and with its time, it describes the new program: start is the address of the first code segment, offset -1, and interpreter
   * the address of the file in its PT_INTERP (0: it has none).
   */
  own(CODE.ks_mmap, 'ks_mmap', [
    b.special('start', 'uint64', 'hex'),
    b.special('end', 'uint64', 'hex'),
    b.special('offset', 'int64'),
    b.special('interpreter', 'uint64', 'hex'),
    b.special('ino', 'uint64'),
    b.special('dev', 'uint32', 'hex'),
    b.means('program', b.special('path', 'fspath')),
  ]),
  /**
   * Calls of one type (call: the code of its exit) that were counted instead of recorded, over all processes with this name in
   * the cgroup with this number: their count, the count of failures, the sums of results above 0 and of latencies (ns), and the
   * count in each bucket of latencies (u32 each: metrics/latency-buckets.ts). Not state: the requester adds them up.
   */
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
  /**
   * What the row's thread has used since its birth: ns on a CPU, and their division according to scheduler ticks (ns in user
   * mode, ns in kernel mode); memory in KiB; page faults. Emitted once a second if the thread ran, once more with the same
   * times when it stopped running, and at its end.
   */
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
