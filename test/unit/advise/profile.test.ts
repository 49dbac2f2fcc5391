// Profiles are read as runtimes read them, and hostile ones are refused in a sentence.
import { expect, test } from 'vitest'
import { Allows } from '../../../src/advise/profile/allows.js'
import { abisOf, DEFAULT_CAPS, rulesFor, type Where } from '../../../src/advise/profile/apply.js'
import { holdsFor } from '../../../src/advise/profile/comparisons.js'
import { DOCKER_DEFAULT } from '../../../src/advise/profile/docker-default.js'
import { ProfileError } from '../../../src/advise/profile/profile-error.js'
import { readProfile } from '../../../src/advise/profile/read.js'

const HERE: Where = { arch: 'x64', kernel: '6.12.3', caps: new Set(DEFAULT_CAPS) }
const json = (more: object) => JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', ...more })

test('the older and the newer form of rules, and default errors', () => {
  const p = readProfile(
    json({
      defaultErrnoRet: 38,
      syscalls: [
        { name: 'read', action: 'SCMP_ACT_ALLOW', args: null },
        { names: ['write', 'openat'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
      ],
    }),
  )
  expect(p.defaultErrno).toBe(38)
  expect(p.rules.map(({ names, action, errno }) => [names, action, errno])).toEqual([
    [['read'], 'ALLOW', undefined],
    [['write', 'openat'], 'ERRNO', 13],
  ])
})

test("an object of the operator, and a part of a runtime's configuration", () => {
  const rules = [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }]
  const spo =
    'kind: SeccompProfile\nspec:\n  defaultAction: SCMP_ACT_LOG\n  syscalls:\n  - action: SCMP_ACT_ALLOW\n    names: [read]\n'
  expect(readProfile(spo)).toMatchObject({ defaultAction: 'LOG', rules: [{ names: ['read'] }] })
  const config = { ociVersion: '1.0.2', linux: { seccomp: { defaultAction: 'SCMP_ACT_LOG', syscalls: rules } } }
  expect(readProfile(JSON.stringify(config))).toMatchObject({ defaultAction: 'LOG', rules: [{ names: ['read'] }] })
})

test('values of 64 bits are exact', () => {
  const text = json({
    syscalls: [{ names: ['keyctl'], action: 'SCMP_ACT_ALLOW', args: [{ index: 1, value: 1, op: 'SCMP_CMP_EQ' }] }],
  })
  const [rule] = readProfile(text.replace('"value":1', '"value": 18446744073709551615')).rules
  expect(rule?.args[0]?.value).toBe(2n ** 64n - 1n)
})

test.each<[string, string, RegExp]>([
  ['nothing', ' \n', /is empty/],
  ['no JSON', '{"defaultAction":', /is no JSON/],
  ['another object', '{"a": 1}', /has no defaultAction/],
  ['a list', '[]', /is no object/],
  ['a text', '"x"', /no object|no defaultAction/],
  [
    'an unknown action',
    json({ defaultAction: 'SCMP_ACT_MAYBE' }),
    /defaultAction is 'SCMP_ACT_MAYBE', which is none of SCMP_ACT_ALLOW/,
  ],
  [
    'an unknown operator',
    json({ syscalls: [{ names: ['a'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, op: '==' }] }] }),
    /syscalls\[0\]\.args\[0\]\.op/,
  ],
  [
    'a wrong index',
    json({ syscalls: [{ names: ['a'], action: 'SCMP_ACT_ALLOW', args: [{ index: 6, op: 'SCMP_CMP_EQ' }] }] }),
    /index is no number from 0 to 5/,
  ],
  ['names that are no texts', json({ syscalls: [{ names: [7], action: 'SCMP_ACT_ALLOW' }] }), /names\[0\] is no text/],
  ['escapes in a value', json({ defaultAction: '\u001b[31m\n' }), /'\\x1b\[31m\\n'/],
  ['another kind', 'kind: Pod\nspec: {}\n', /kind is not SeccompProfile/],
  ['a base profile', 'kind: SeccompProfile\nspec:\n  baseProfileName: runc\n', /baseProfileName names another profile/],
  ['aliases that grow', `a: &a [x,x]\n${'b: [*a,*a]\n'.repeat(3)}`, /neither JSON nor YAML/],
  ['deep nesting', '['.repeat(1e6), /is no JSON|is no object/],
  [
    'a negative value',
    json({
      syscalls: [{ names: ['a'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, op: 'SCMP_CMP_EQ', value: -1 }] }],
    }),
    /unsigned number of 64 bits/,
  ],
])('%s is refused with its place', (_, text, message) => {
  expect(() => readProfile(text)).toThrow(ProfileError)
  expect(() => readProfile(text)).toThrow(message)
})

test.each<[string, bigint, bigint, bigint, boolean]>([
  ['EQ', 5n, 0n, 5n, true],
  ['NE', 5n, 0n, 5n, false],
  ['LT', 5n, 0n, 4n, true],
  ['GE', 2n ** 63n, 0n, 2n ** 64n - 1n, true],
  ['GT', 5n, 0n, 5n, false],
  ['LE', 5n, 0n, 5n, true],
  ['MASKED_EQ', 0x7e020000n, 0n, 0x1200011n, true],
  ['MASKED_EQ', 0x7e020000n, 0n, 0x10000011n, false],
])('%s %d %d holds for %d: %s', (op, value, valueTwo, argument, holds) => {
  expect(holdsFor({ index: 0, op: op as 'EQ', value, valueTwo }, argument)).toBe(holds)
})

test("Docker's default by capability, machine and kernel", () => {
  const allows = (name: string, where: Partial<Where> = {}, values: number[] = []) =>
    new Allows(DOCKER_DEFAULT, { ...HERE, ...where }).call(where.arch === 'arm64' ? 'aarch64' : 'x86_64', name, values)
  const admin = { caps: new Set([...DEFAULT_CAPS, 'CAP_SYS_ADMIN']) }
  expect([allows('mount'), allows('mount', admin)]).toEqual([false, true])
  expect([allows('clone3'), allows('clone3', admin)]).toEqual([false, true])
  expect([
    allows('clone', {}, [0x11]),
    allows('clone', {}, [0x10000011]),
    allows('clone', admin, [0x10000011]),
  ]).toEqual([true, false, true])
  expect([allows('chroot'), allows('chroot', { caps: new Set() })]).toEqual([true, false])
  expect([allows('ptrace'), allows('ptrace', { kernel: '4.4.0' })]).toEqual([true, false])
  expect([allows('arch_prctl'), allows('arch_prctl', { arch: 'arm64' })]).toEqual([true, false])
  expect([2, 16, 17, 38, 40].map((family) => allows('socket', {}, [family]))).toEqual([true, true, true, false, false])
})

test('architectures: the own one always, others as the profile says', () => {
  expect([...abisOf(DOCKER_DEFAULT, 'x64')]).toEqual(['x86_64', 'x86'])
  expect([...abisOf(DOCKER_DEFAULT, 'arm64')]).toEqual(['aarch64', 'arm'])
  expect([...abisOf(readProfile(json({ architectures: ['SCMP_ARCH_AARCH64'] })), 'x64')]).toEqual(['x86_64'])
})

test('every rule with conditions applies somewhere and not everywhere', () => {
  const everywhere = rulesFor(DOCKER_DEFAULT, HERE).length
  const nowhere = rulesFor(DOCKER_DEFAULT, { ...HERE, caps: new Set() }).length
  expect(nowhere).toBeLessThan(everywhere)
})
