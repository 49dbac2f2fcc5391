// Data for the kernel side: every event fits into a descriptor, and packed plans have the same meaning.
import { expect, test } from 'vitest'
import {
  CONFIG,
  DESC,
  DESC_BYTES,
  DESC_EMPTY,
  DESC_HEAD,
  OPS,
  PLAN_HEAD,
  PLAN_SLOTS,
  SLOT_BYTES,
} from '../../../src/schema/abi.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import { UNKNOWN_NR, unknownCall } from '../../../src/schema/events/unknown.js'
import { packConfig } from '../../../src/source/pack.js'
import { everything, MAX_NR, VERDICT } from '../../../src/source/plan.js'

const plan = everything(77)

/** Operations and flags of a call's descriptor. */
function descriptor(config: Uint8Array, nr: number) {
  const v = new DataView(config.buffer, CONFIG.DESCS + nr * DESC_BYTES, DESC_BYTES)
  const ops = Array.from({ length: v.getUint8(5) }, (_, i) => OPS[v.getUint8(DESC_HEAD + 8 * i)])
  return { type: v.getUint16(0, true), flags: v.getUint16(2, true), ops }
}

test('every declared call of this architecture has a descriptor with its event code', () => {
  for (const arch of ['x64', 'arm64'] as const) {
    const config = packConfig(plan, EVENTS, arch)
    for (const def of EVENTS) {
      const nr = def?.nr?.[arch]
      if (def === undefined || nr === undefined || nr >= MAX_NR || def.code % 2 === 0) continue
      expect(descriptor(config, nr).type).toBe(def.code)
    }
  }
})

test('the bytes of an absent parameter are those that its operation writes with a value, or a length of 0', () => {
  const config = packConfig(plan, EVENTS, 'x64')
  for (const def of EVENTS) {
    const nr = def?.nr?.x64
    if (def === undefined || nr === undefined || nr >= MAX_NR || def.code % 2 === 0) continue
    const at = CONFIG.DESCS + nr * DESC_BYTES
    descriptor(config, nr).ops.forEach((op, i) => {
      const empty = config[at + DESC_EMPTY + i]
      if (op === 'ARG' || op === 'DEREF') expect(empty, def.name).toBe(config[at + DESC_HEAD + 8 * i + 2])
      if (op === 'STR' || op === 'BUF' || op === 'SOCKADDR') expect(empty, def.name).toBe(2)
    })
  }
})

test('a number without a call is the unknown call, and is shown as such, of 32-bit programs too', () => {
  const verdicts = new Uint8Array(MAX_NR).fill(VERDICT.DROP)
  verdicts[UNKNOWN_NR] = VERDICT.PASS
  for (const arch of ['x64', 'arm64'] as const) {
    const config = packConfig({ ...plan, enter: true, verdicts }, EVENTS, arch)
    for (const nr of [400, 511, UNKNOWN_NR, MAX_NR - 1]) {
      expect(descriptor(config, nr)).toEqual(descriptor(config, UNKNOWN_NR))
      expect(descriptor(config, nr).type).toBe(unknownCall.code)
      expect(config[CONFIG.PLAN + PLAN_HEAD + nr]).toBe(VERDICT.PASS)
    }
    expect(config[CONFIG.PLAN + PLAN_HEAD + 63]).toBe(VERDICT.DROP)
  }
  const recorded = (arch: 'x64' | 'arm64', ...numbers: number[]) => {
    const compat = new DataView(packConfig(plan, EVENTS, arch).buffer, CONFIG.COMPAT)
    return numbers.map((nr) => compat.getUint16(nr * 2, true) - 1)
  }
  expect(recorded('x64', 1, 222, 251, 511)).toEqual([60, UNKNOWN_NR, UNKNOWN_NR, UNKNOWN_NR])
  expect(recorded('arm64', 1, 7, 254, 511)).toEqual([93, UNKNOWN_NR, UNKNOWN_NR, UNKNOWN_NR])
})

test('fixed parameters come before variable ones, device and inode in one operation', () => {
  const open = descriptor(packConfig(plan, EVENTS, 'x64'), 257)
  expect(open.ops.slice(-2)).toEqual(['DEVINO', 'STR'])
  expect(open.flags & (DESC.STATE | DESC.FD_STR_ENTER)).toBe(DESC.STATE | DESC.FD_STR_ENTER)
})

test('a call that does not return is marked', () => {
  expect(descriptor(packConfig(plan, EVENTS, 'x64'), 231).flags & DESC.NORETURN).toBe(DESC.NORETURN)
})

test('enter descriptors are packed only if enter events are requested', () => {
  const first = (config: Uint8Array) => config.subarray(CONFIG.ENTERS, CONFIG.ENTERS + DESC_BYTES).some((b) => b !== 0)
  expect(first(packConfig(plan, EVENTS, 'x64'))).toBe(false)
  expect(first(packConfig({ ...plan, enter: true }, EVENTS, 'x64'))).toBe(true)
})

test('other hierarchies are packed if cgroups are used', () => {
  const fourth = (change: Partial<typeof plan>) => {
    const config = packConfig({ ...plan, ...change }, EVENTS, 'x64', { main: 0, others: [0, 0, 0, 7, 0] })
    return new DataView(config.buffer, config.byteOffset + CONFIG.PLAN).getUint16(42 + 2 * 3, true)
  }
  expect(fourth({})).toBe(0)
  expect(fourth({ count: 'calls' })).toBe(0)
  expect(fourth({ count: 'programs' })).toBe(7)
  expect(fourth({ ceilings: { mostCalls: undefined } })).toBe(7)
})

test('a slot contains its sets, and names are cut as the kernel cuts them', () => {
  const slots = [
    {
      failed: true,
      comm: { values: ['a-name-longer-than-the-kernel-keeps'], not: true },
      uid: { values: [1000], not: false },
    },
  ]
  const config = packConfig({ ...plan, slots, verdicts: new Uint8Array(MAX_NR).fill(VERDICT.SLOT) }, EVENTS, 'x64')
  const slot = config.subarray(CONFIG.PLAN + PLAN_SLOTS, CONFIG.PLAN + PLAN_SLOTS + SLOT_BYTES)
  expect([...slot.subarray(0, 9)]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0])
  expect(Buffer.from(slot.subarray(16, 32)).toString('latin1')).toBe('a-name-longer-t\0')
  expect([...slot.subarray(32, 48)]).toEqual(new Array(16).fill(255))
  expect(new DataView(slot.buffer, slot.byteOffset + 16 + 8 * 32 + 2 * 8 * 4).getUint32(0, true)).toBe(1000)
})

test('for a shorter name the mask covers the name and its end', () => {
  const slots = [{ comm: { values: ['x', 'init'], not: false } }]
  const config = packConfig({ ...plan, slots, verdicts: new Uint8Array(MAX_NR).fill(VERDICT.SLOT) }, EVENTS, 'x64')
  const second = config.subarray(CONFIG.PLAN + PLAN_SLOTS + 16 + 32)
  expect(Buffer.from(second.subarray(0, 5)).toString('latin1')).toBe('init\0')
  expect([...second.subarray(16, 32)]).toEqual([...new Array(5).fill(255), ...new Array(11).fill(0)])
})

test('more values or slots than fit are refused', () => {
  const many = { values: Array.from({ length: 9 }, (_, i) => i), not: false }
  expect(() => packConfig({ ...plan, slots: [{ pid: many }] }, EVENTS, 'x64')).toThrow(RangeError)
  expect(() => packConfig({ ...plan, slots: new Array(17).fill({}) }, EVENTS, 'x64')).toThrow(RangeError)
})

test('calls of 32-bit programs are packed for each machine, with arguments in two registers and calls that another number distinguishes', () => {
  const config = packConfig(plan, EVENTS, 'arm64')
  const at = (from: number, i: number) => new DataView(config.buffer, from).getUint16(2 * i, true) - 1
  const name = (nr: number) => EVENTS[descriptor(config, nr).type]?.name
  expect([5, 181, 192].map((nr) => name(at(CONFIG.COMPAT, nr)))).toEqual(['open', 'pwrite', 'mmap2'])
  expect([0, 7].map((nr) => at(CONFIG.APART, nr))).toEqual([-1, -1])
  expect([2, 5].map((nr) => name(at(CONFIG.APART, nr)))).toEqual(['cacheflush', 'set_tls'])
  expect([180, 270, 5].map((nr) => config[CONFIG.HALVES + nr])).toEqual([8, 12, 0])
})
