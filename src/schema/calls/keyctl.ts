// What keyctl's arguments are, by operation (linux/keyctl.h): the key or keyring that it is about, and what it gives or takes.
import { caseTable, filled, given, itself, texts } from '../cases.js'
import { own } from '../constants/own.js'
import { keyrings as special } from '../constants/security.js'
import { keyctlOperations } from '../flags/process.js'
import * as s from '../shape.js'

const key = s.one(special, s.s32)
const defaults = own(
  'keyring_defaults',
  `KEY_REQKEY_DEFL_NO_CHANGE=-1 KEY_REQKEY_DEFL_DEFAULT=0 KEY_REQKEY_DEFL_THREAD_KEYRING=1
  KEY_REQKEY_DEFL_PROCESS_KEYRING=2 KEY_REQKEY_DEFL_SESSION_KEYRING=3 KEY_REQKEY_DEFL_USER_KEYRING=4
  KEY_REQKEY_DEFL_USER_SESSION_KEYRING=5 KEY_REQKEY_DEFL_GROUP_KEYRING=6 KEY_REQKEY_DEFL_REQUESTOR_KEYRING=7`,
)
/** what the possessor, the owner, the group and others may do, a byte each */
const permissions = own(
  'key_permissions',
  `KEY_POS_VIEW=0x1000000 KEY_POS_READ=0x2000000 KEY_POS_WRITE=0x4000000 KEY_POS_SEARCH=0x8000000 KEY_POS_LINK=0x10000000
  KEY_POS_SETATTR=0x20000000 KEY_USR_VIEW=0x10000 KEY_USR_READ=0x20000 KEY_USR_WRITE=0x40000 KEY_USR_SEARCH=0x80000
  KEY_USR_LINK=0x100000 KEY_USR_SETATTR=0x200000 KEY_GRP_VIEW=0x100 KEY_GRP_READ=0x200 KEY_GRP_WRITE=0x400
  KEY_GRP_SEARCH=0x800 KEY_GRP_LINK=0x1000 KEY_GRP_SETATTR=0x2000 KEY_OTH_VIEW=1 KEY_OTH_READ=2 KEY_OTH_WRITE=4
  KEY_OTH_SEARCH=8 KEY_OTH_LINK=0x10 KEY_OTH_SETATTR=0x20`,
)

/** operations whose second argument is no key */
const WITHOUT_KEY = new Set([
  'KEYCTL_JOIN_SESSION_KEYRING',
  'KEYCTL_SET_REQKEY_KEYRING',
  'KEYCTL_SESSION_TO_PARENT',
  'KEYCTL_GET_PERSISTENT',
  'KEYCTL_DH_COMPUTE',
  'KEYCTL_CAPABILITIES',
  'KEYCTL_PKEY_ENCRYPT',
  'KEYCTL_PKEY_DECRYPT',
  'KEYCTL_PKEY_SIGN',
  'KEYCTL_PKEY_VERIFY',
])

/** the key that the operation is about */
export const keyrings = caseTable(
  'keyctl_keys',
  keyctlOperations.entries.map(([name, value]) => [name, value, WITHOUT_KEY.has(name) ? undefined : itself(key, 1)]),
)

/** an answer whose size is the result, which may be more than there was room for */
const answer = (n: number) => filled(s.text(0), n, { count: 'ret', within: n + 1, size: 1024 })
const payload = given(s.text(0), 2, { count: 3, data: true })
const ring = (n: number) => itself(key, n)
const number = (n: number) => itself(s.like(s.u64, { kind: 'int32' }), n)
const numbers = s.struct({ key: s.s32, in_len: s.u32, out_len: s.u32 })

/** what it gives or takes beside: payloads are buffers, recorded as far as buffers are */
export const keyctlArguments = caseTable('keyctl_arguments', [
  ['KEYCTL_JOIN_SESSION_KEYRING', 1, texts(s.text(0), 1)],
  ['KEYCTL_UPDATE', 2, payload],
  ['KEYCTL_SETPERM', 5, itself(s.bits(permissions, s.u64), 2)],
  ['KEYCTL_DESCRIBE', 6, answer(2)],
  ['KEYCTL_LINK', 8, ring(2)],
  ['KEYCTL_UNLINK', 9, ring(2)],
  ['KEYCTL_SEARCH', 10, ring(4)],
  ['KEYCTL_READ', 11, filled(s.text(0), 2, { count: 'ret', within: 3, data: true })],
  ['KEYCTL_INSTANTIATE', 12, payload],
  ['KEYCTL_NEGATE', 13, ring(3)],
  ['KEYCTL_SET_REQKEY_KEYRING', 14, itself(s.one(defaults, s.s32), 1)],
  ['KEYCTL_SET_TIMEOUT', 15, number(2)],
  ['KEYCTL_GET_SECURITY', 17, answer(2)],
  ['KEYCTL_REJECT', 19, ring(4)],
  ['KEYCTL_INSTANTIATE_IOV', 20, ring(4)],
  ['KEYCTL_GET_PERSISTENT', 22, ring(2)],
  ['KEYCTL_DH_COMPUTE', 23, given(s.struct({ private: s.s32, prime: s.s32, base: s.s32 }), 1)],
  ['KEYCTL_PKEY_ENCRYPT', 25, given(numbers, 1)],
  ['KEYCTL_PKEY_DECRYPT', 26, given(numbers, 1)],
  ['KEYCTL_PKEY_SIGN', 27, given(numbers, 1)],
  ['KEYCTL_PKEY_VERIFY', 28, given(numbers, 1)],
  ['KEYCTL_MOVE', 30, ring(3)],
])
