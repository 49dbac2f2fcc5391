// Memory: advice, policies of nodes, keys, locks.

import * as b from '../build.js'
import * as c from '../constants/mm.js'
import { nameWith } from '../constants/own.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import * as s from '../shape.js'
import { iovec } from '../structs/files.js'

const policy = k.named(nameWith(c.memoryPolicies, c.memoryPolicyFlags))
const nodes = (count: string) => k.input(s.set(), { count, countBits: true, each: 8 })
const address: k.Kind = () => b.ret('res', 'errno', 'hex')
const advice = k.oneOf(c.madviseBehaviors)

export const memoryCalls: Calls = {
  mremap: { res: address, flags: k.flags(c.mremapFlags) },
  msync: { flags: k.flags(c.msyncFlags) },
  madvise: { behavior: advice },
  process_madvise: { vec: k.input(s.list(iovec), { count: 'vlen' }), behavior: advice },
  remap_file_pages: { prot: k.flags(c.protections) },
  mbind: { mode: policy, nmask: nodes('maxnode'), flags: k.flags(c.mbindFlags) },
  set_mempolicy: { mode: policy, nmask: nodes('maxnode') },
  get_mempolicy: {
    policy: k.output(s.one(c.memoryPolicies, s.s32)),
    nmask: k.output(s.set(), { count: 'maxnode', countBits: true, each: 8 }),
    flags: k.flags(c.getMempolicyFlags),
  },
  migrate_pages: { old_nodes: nodes('maxnode'), new_nodes: nodes('maxnode') },
  move_pages: {
    pages: k.input(s.list(s.pointer), { count: 'nr_pages' }),
    nodes: k.input(s.list(s.s32), { count: 'nr_pages' }),
    status: k.output(s.list(s.errno), { count: 'nr_pages' }),
    flags: k.flags(c.mbindFlags),
  },
  pkey_mprotect: { prot: k.flags(c.protections) },
  pkey_alloc: { init_val: k.flags(c.pkeyRights) },
  map_shadow_stack: { res: address, flags: k.flags(c.shadowStackFlags) },
  memfd_secret: { flags: k.flags(c.memfdSecretFlags) },
}
