// Each architecture has its own numbers for system calls, and some have calls that others lack: the kernel records by
// the numbers of the machine that is captured, and a filter for a call that it lacks is refused.
import { expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/compile.js'
import { explainFilter } from '../../../src/filter/explain.js'
import { siblingHint } from '../../../src/filter/hint.js'
import { parseFilter } from '../../../src/filter/parser.js'
import { planFilter } from '../../../src/filter/planners/kernel-plan.js'
import { CONFIG, DESC_BYTES } from '../../../src/schema/abi.js'
import { CODE_LIMIT } from '../../../src/schema/codes.js'
import { EVENTS, eventsByName, evtTypeNames, hasEvents, isSyscall } from '../../../src/schema/events/index.js'
import type { Arch } from '../../../src/schema/types.js'
import { packConfig } from '../../../src/source/pack.js'
import { VERDICT } from '../../../src/source/plan.js'
import { codeOf, ctx, fields } from './world.js'

const planOf = (filter: string, arch: Arch) =>
  planFilter(checkFilter(filter, fields), fields, { arch, output: [], snaplen: 80, selfPid: 1 })

/** Names of the calls that the kernel side records for a filter: looked up by the numbers in the plan. */
function recorded(filter: string, arch: Arch): string[] {
  const plan = planOf(filter, arch)
  const config = packConfig(plan, EVENTS, arch)
  const view = new DataView(config.buffer, config.byteOffset + CONFIG.DESCS)
  const names = new Set<string>()
  plan.verdicts.forEach((verdict, nr) => {
    if (verdict === VERDICT.DROP) return
    names.add(EVENTS[view.getUint16(nr * DESC_BYTES, true)]?.name ?? `call ${nr}`)
  })
  return [...names].sort()
}

test.each(['x64', 'arm64'] as const)('on %s a filter of any one call records that call', (arch) => {
  for (const name of evtTypeNames()) {
    if (!eventsByName(name).some(isSyscall)) continue
    expect(recorded(`evt.type=${name}`, arch), name).toEqual(hasEvents(arch, name) ? [name] : [])
  }
})

test('numbers are those of the architecture', () => {
  const shown = (arch: Arch) =>
    [...planOf('evt.type=openat', arch).verdicts].flatMap((verdict, nr) => (verdict ? [nr] : []))
  expect(shown('x64')).toEqual([257])
  expect(shown('arm64')).toEqual([56])
})

test('the kernel checks the descriptors of calls that transfer data, on each architecture', () => {
  for (const arch of ['x64', 'arm64'] as const) {
    const plan = planOf('evt.type in (read, close) and fd.type=ipv4', arch)
    const slot = (name: string) =>
      plan.slots[(plan.verdicts[EVENTS[codeOf(name)]?.nr?.[arch] as number] as number) - VERDICT.SLOT]
    expect(slot('read'), arch).toEqual({ kinds: ['stream', 'connecting', 'datagram'] })
    expect(slot('close'), arch).toBeUndefined()
  }
})

test('a filter for a call that the architecture lacks names the calls that programs use there', () => {
  const hint = (filter: string, arch: Arch, ...seen: string[]) => {
    const counts = new Uint32Array(CODE_LIMIT)
    for (const name of seen) counts[codeOf(name)] = 5
    return siblingHint(parseFilter(filter), counts, arch)
  }
  expect(hint('evt.type=open and proc.name=cat', 'arm64', 'openat')).toBe(
    'on arm64 only 32-bit programs have open, but openat occurred; try: evt.type in (open, openat) and proc.name=cat',
  )
  expect(hint('evt.type=poll', 'arm64')).toBe(
    'on arm64 only 32-bit programs have poll, others use ppoll; try: evt.type in (poll, ppoll)',
  )
  expect(hint('evt.type in (fork, vfork)', 'arm64')).toContain('others use clone, clone3')
  expect(hint('evt.type=arch_prctl', 'arm64')).toBe('arm64 has no arch_prctl')
  expect(hint('evt.type=page_fault', 'arm64')).toBe('arm64 has no page_fault')
  expect(hint('evt.type=mmap2', 'x64')).toBe(
    'on x86-64 only 32-bit programs have mmap2, others use mmap; try: evt.type in (mmap2, mmap)',
  )
  // the other call in the filter exists
  expect(hint('evt.type in (open, openat)', 'arm64')).toBeUndefined()
  expect(hint('not evt.type=open', 'arm64')).toBeUndefined()
  expect(hint('evt.type=open', 'x64')).toBeUndefined()
  expect(hint('evt.type in (open, accept)', 'arm64', 'openat', 'accept4')).toBe(
    'no accept occurred, but accept4 did; on arm64 only 32-bit programs have open, but openat occurred; ' +
      'try: evt.type in (open, accept, openat, accept4)',
  )
})

test('an explanation lists the calls of the architecture', () => {
  const explained = (filter: string, arch: Arch) =>
    explainFilter(checkFilter(filter, fields), fields, ctx, { arch, output: [], snaplen: 80, selfPid: 1 })
  const text = explained('evt.type in (open, stat)', 'arm64')
  expect(text).toContain('note: on arm64 only 32-bit programs have open, others use openat, openat2')
  expect(text).toContain('note: on arm64 only 32-bit programs have stat, others use newfstatat, statx, fstat')
  expect(text).toMatch(/recorded always:\n {4}open stat\n/)
  expect(explained('evt.type=arch_prctl', 'arm64')).toContain('nothing is recorded')
  expect(explained('evt.type=openat', 'arm64')).toMatch(/recorded always:\n {4}openat\n/)
  expect(explained('evt.type in (open, stat)', 'x64')).not.toContain('note:')
})
