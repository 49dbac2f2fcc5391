// Memory: advice, policies of nodes, keys, locks.

import * as b from '../build.js'
import { constants } from '../constants.js'
import { pageProtections } from '../flags/memory.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import { nameWith } from '../names.js'
import * as s from '../shape.js'
import { iovec } from '../structs/files.js'

const policy = k.named(nameWith(constants('memory_policies'), constants('memory_policy_flags')))
const nodes = (count: string) => k.input(s.set(), { count, countBits: true, each: 8 })
const address: k.Kind = () => b.ret('res', 'errno', 'hex')
const advice = k.oneOf(constants('madvise_behaviors'))

export const memoryCalls: Calls = {
  mremap: { res: address, flags: k.flags(constants('mremap_flags')) },
  msync: { flags: k.flags(constants('msync_flags')) },
  madvise: { behavior: advice },
  process_madvise: { vec: k.input(s.list(iovec), { count: 'vlen' }), behavior: advice },
  remap_file_pages: { prot: k.flags(pageProtections) },
  mbind: { mode: policy, nmask: nodes('maxnode'), flags: k.flags(constants('mbind_flags')) },
  set_mempolicy: { mode: policy, nmask: nodes('maxnode') },
  get_mempolicy: {
    policy: k.output(s.one(constants('memory_policies'), s.s32)),
    nmask: k.output(s.set(), { count: 'maxnode', countBits: true, each: 8 }),
    flags: k.flags(constants('get_mempolicy_flags')),
  },
  migrate_pages: { old_nodes: nodes('maxnode'), new_nodes: nodes('maxnode') },
  move_pages: {
    pages: k.input(s.list(s.pointer), { count: 'nr_pages' }),
    nodes: k.input(s.list(s.s32), { count: 'nr_pages' }),
    status: k.output(s.list(s.errno), { count: 'nr_pages' }),
    flags: k.flags(constants('mbind_flags')),
  },
  pkey_mprotect: { prot: k.flags(pageProtections) },
  pkey_alloc: { init_val: k.flags(constants('pkey_rights')) },
  map_shadow_stack: { res: address, flags: k.flags(constants('shadow_stack_flags')) },
  memfd_secret: { flags: k.flags(constants('memfd_secret_flags')) },
}
