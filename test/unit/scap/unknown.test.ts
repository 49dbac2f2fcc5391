// Data of a newer producer: skipped, counted, reported, and not damage.
import { expect, test } from 'vitest'
import { ksys } from '../../helpers/ksys.js'
import { block, event, join, section, text, u32, u64 } from './build.js'

const uid = event({ code: 203, params: [u32(1)] })
const line = ['-r', '-', '-p', '%evt.num %evt.type']

test('unknown events and blocks are counted on standard error; the exit code remains 0', () => {
  const future = event({ code: 700, params: [u64(1)] })
  const { stdout, stderr, code } = ksys(line, {
    input: join(section(), block(0x300, u64(1)), uid, future, block(0x301), uid, future),
  })
  expect(stdout).toBe('1 getuid\n2 getuid\n')
  expect(stderr).toBe('ksys: skipped 2 events and 2 blocks of types that this version does not know\n')
  expect(code).toBe(0)
})

test('damage is reported with its offset in the uncompressed data and has its own exit code', () => {
  const { stdout, stderr, code } = ksys(line, { input: join(section(), uid, Buffer.alloc(60, 0xee), uid) })
  expect(stdout).toBe('1 getuid\n2 getuid\n')
  expect(stderr).toContain(`damaged at byte ${section().length + uid.length}: `)
  expect(code).toBe(5)
})

test('a call whose result was not recorded does not change the state', () => {
  const openat = (params: readonly Uint8Array[]) => [
    event({ code: 306, params: [u64(-100), text('/x'), u32(1), u32(0)] }),
    event({ code: 307, params }),
  ]
  const write = event({ code: 9, params: [u64(1), Buffer.from('x'), u64(3), u32(1)] })
  const names = ['-r', '-', '-p', '*%evt.type %evt.res %fd.name']
  const cut = ksys(names, { input: join(section(), openat([]), write) })
  expect(cut.stdout).toBe('openat <NA> /x\nwrite SUCCESS <NA>\n')
  const whole = ksys(names, { input: join(section(), openat([u64(3), u64(-100), text('/x'), u32(1), u32(0)]), write) })
  expect(whole.stdout).toBe('openat SUCCESS /x\nwrite SUCCESS /x\n')
})
