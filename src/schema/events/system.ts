// The kernel itself: BPF and modules.
import * as b from '../build.js'
import { bpfAttributes, bpfNames } from '../calls/bpf.js'
import * as f from '../flags/process.js'
import type { EventDef } from '../types.js'

/** bpf's commands that create a descriptor: of maps, programs, objects, links ... */
const MAKERS = [0, 5, 7, 13, 14, 17, 18, 19, 28, 30, 32, 33, 36]

export const systemEvents: readonly EventDef[] = [
  b.call(369, 'bpf', 'other', [
    b.newFd(b.ret('fd', 'fd', 'dec', { fdFor: { param: 1, values: MAKERS } }), 'bpf', { cloexec: true }),
    b.choice('cmd', 0, f.bpfCommands),
    b.added(b.cases('uattr', bpfAttributes, 0, 1)),
    b.added(b.cases('name', bpfNames, 0, 1)),
    b.added(b.arg('size', 'uint32', 2)),
  ]),
  b.call(
    411,
    'init_module',
    'other',
    [b.ret(), b.special('img', 'bytebuf'), b.arg('length', 'uint64', 1), b.omittedBy('args', b.str('uargs', 2))],
    { special: 'init_module' },
  ),
  b.call(
    413,
    'finit_module',
    'other',
    [b.ret(), b.fd('fd', 0), b.omittedBy('args', b.str('uargs', 1)), b.flags('flags', 2, f.finitModuleFlags)],
    { uses: 1, reads: true },
  ),
  b.call(425, 'delete_module', 'other', [b.ret(), b.str('name', 0), b.flags('flags', 1, f.deleteModuleFlags)]),
]
