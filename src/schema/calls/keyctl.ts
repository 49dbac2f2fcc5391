// keyctl's arguments, by operation (linux/keyctl.h): the key or keyring that it uses, and its input or output.
import { caseTable, inputAt, itself, outputAt, texts } from '../cases.js'
import { constants } from '../constants.js'
import { keyctlOperations } from '../flags/process.js'
import * as s from '../shape.js'

const key = s.one(constants('keyrings'), s.s32)
const defaults = constants('keyring_defaults')
/** permissions of the possessor, the owner, the group and others, a byte each */
const permissions = constants('key_permissions')

/** operations whose second argument is not a key */
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

/** the key that the operation uses */
export const keyrings = caseTable(
  'keyctl_keys',
  keyctlOperations.entries.map(([name, value]) => [name, value, WITHOUT_KEY.has(name) ? undefined : itself(key, 1)]),
)

/** an output whose size is the call's result, which may exceed the size of the buffer */
const output = (n: number) => outputAt(s.text(0), n, { count: 'ret', within: n + 1, size: 1024 })
const payload = inputAt(s.text(0), 2, { count: 3, data: true })
const keyringAt = (n: number) => itself(key, n)
const number = (n: number) => itself(s.like(s.u64, { kind: 'int32' }), n)
const numbers = s.struct({ key: s.s32, in_len: s.u32, out_len: s.u32 })

/** the other input or output: payloads are buffers, recorded up to the snap length */
export const keyctlArguments = caseTable('keyctl_arguments', [
  ['KEYCTL_JOIN_SESSION_KEYRING', 1, texts(s.text(0), 1)],
  ['KEYCTL_UPDATE', 2, payload],
  ['KEYCTL_SETPERM', 5, itself(s.bits(permissions, s.u64), 2)],
  ['KEYCTL_DESCRIBE', 6, output(2)],
  ['KEYCTL_LINK', 8, keyringAt(2)],
  ['KEYCTL_UNLINK', 9, keyringAt(2)],
  ['KEYCTL_SEARCH', 10, keyringAt(4)],
  ['KEYCTL_READ', 11, outputAt(s.text(0), 2, { count: 'ret', within: 3, data: true })],
  ['KEYCTL_INSTANTIATE', 12, payload],
  ['KEYCTL_NEGATE', 13, keyringAt(3)],
  ['KEYCTL_SET_REQKEY_KEYRING', 14, itself(s.one(defaults, s.s32), 1)],
  ['KEYCTL_SET_TIMEOUT', 15, number(2)],
  ['KEYCTL_GET_SECURITY', 17, output(2)],
  ['KEYCTL_REJECT', 19, keyringAt(4)],
  ['KEYCTL_INSTANTIATE_IOV', 20, keyringAt(4)],
  ['KEYCTL_GET_PERSISTENT', 22, keyringAt(2)],
  ['KEYCTL_DH_COMPUTE', 23, inputAt(s.struct({ private: s.s32, prime: s.s32, base: s.s32 }), 1)],
  ['KEYCTL_PKEY_ENCRYPT', 25, inputAt(numbers, 1)],
  ['KEYCTL_PKEY_DECRYPT', 26, inputAt(numbers, 1)],
  ['KEYCTL_PKEY_SIGN', 27, inputAt(numbers, 1)],
  ['KEYCTL_PKEY_VERIFY', 28, inputAt(numbers, 1)],
  ['KEYCTL_MOVE', 30, keyringAt(3)],
])
