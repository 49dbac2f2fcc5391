// The kernel itself: BPF and modules.
import * as b from '../build.js'
import { bpfAttributes } from '../calls/bpf.js'
import * as f from '../flags/process.js'
import type { EventDef } from '../types.js'

export const systemEvents: readonly EventDef[] = [
  b.call(
    369,
    'bpf',
    'other',
    [b.ret('fd', 'fd'), b.choice('cmd', 0, f.bpfCommands), b.added(b.cases('uattr', bpfAttributes, 0, 1))],
    { creates: 0 },
  ),
  b.call(
    411,
    'init_module',
    'other',
    [b.ret(), b.special('img', 'bytebuf'), b.arg('length', 'uint64', 1), b.str('uargs', 2)],
    { special: 'init_module' },
  ),
  b.call(
    413,
    'finit_module',
    'other',
    [b.ret(), b.fd('fd', 0), b.str('uargs', 1), b.flags('flags', 2, f.finitModuleFlags)],
    { uses: 1 },
  ),
  b.call(425, 'delete_module', 'other', [b.ret(), b.str('name', 0), b.flags('flags', 1, f.deleteModuleFlags)]),
]
