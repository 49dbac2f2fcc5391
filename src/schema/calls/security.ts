// Landlock, the attributes of security modules, keys.

import * as b from '../build.js'
import { caseTable, inputAt } from '../cases.js'
import { constants } from '../constants.js'
import type { Calls } from '../kinds.js'
import * as k from '../kinds.js'
import { nameIn } from '../names.js'
import * as s from '../shape.js'

const fs = s.bits(constants('landlock_fs'), s.u64)
const net = s.bits(constants('landlock_net'), s.u64)
const rules = caseTable('landlock_rules', [
  ['LANDLOCK_RULE_PATH_BENEATH', 1, inputAt(s.struct({ allowed_access: s.packed(fs), parent_fd: s.packed(s.s32) }), 2)],
  ['LANDLOCK_RULE_NET_PORT', 2, inputAt(s.struct({ allowed_access: net, port: s.u64 }), 2)],
])
const ruleset = s.struct({
  handled_access_fs: fs,
  handled_access_net: s.quiet(net),
  scoped: s.quiet(s.bits(constants('landlock_scopes'), s.u64)),
})
const context = s.struct({
  id: s.one(constants('lsm_ids'), s.u64),
  flags: s.quiet(s.x64),
  len: s.u64,
  ctx_len: s.u64,
  ctx: s.text(128),
})
const attr = k.oneOf(constants('lsm_attrs'))
const keyring = k.named(nameIn(constants('keyrings')))

export const securityCalls: Calls = {
  landlock_create_ruleset: {
    // with flags it returns the supported version or errata
    res: () => b.ret('res', 'fd', 'dec', { fdFor: { param: 3, values: [0] } }),
    attr: k.input(ruleset, { count: 'size', each: 1 }),
    flags: k.flags(constants('landlock_create_flags')),
  },
  landlock_add_rule: { rule_type: k.selector(rules), rule_attr: k.selects(rules, 'rule_type') },
  landlock_restrict_self: { flags: k.flags(constants('landlock_restrict_flags')) },
  lsm_get_self_attr: {
    attr,
    ctx: k.output(context, { count: 'size', countAt: true, each: 1 }),
    size: k.output(s.u32),
    flags: k.flags(constants('lsm_flags')),
  },
  lsm_set_self_attr: { attr, ctx: k.input(context, { count: 'size', each: 1 }) },
  lsm_list_modules: {
    ids: k.output(s.list(s.one(constants('lsm_ids'), s.u64)), { count: 'ret' }),
    size: k.output(s.u32),
  },
  add_key: { _payload: k.dataIn('plen'), ringid: keyring },
  request_key: { _callout_info: k.omittedBy('buffers', k.text), destringid: keyring },
}
