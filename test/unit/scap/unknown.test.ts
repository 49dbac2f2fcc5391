// What a newer producer wrote: passed over, counted, told, and no damage.
import { expect, test } from 'vitest'
import { ksys } from '../../helpers/ksys.js'
import { block, event, join, section, u32, u64 } from './build.js'

const uid = event({ code: 203, params: [u32(1)] })
const line = ['-r', '-', '-p', '%evt.num %evt.type']

test('events and blocks of the future are counted on standard error; the exit code stays 0', () => {
  const future = event({ code: 700, params: [u64(1)] })
  const { stdout, stderr, code } = ksys(line, {
    input: join(section(), block(0x300, u64(1)), uid, future, block(0x301), uid, future),
  })
  expect(stdout).toBe('1 getuid\n2 getuid\n')
  expect(stderr).toBe('ksys: 2 events and 2 blocks of kinds that this version does not know were left out\n')
  expect(code).toBe(0)
})

test('damage is told with its place in the uncompressed data and has an exit code of its own', () => {
  const { stdout, stderr, code } = ksys(line, { input: join(section(), uid, Buffer.alloc(60, 0xee), uid) })
  expect(stdout).toBe('1 getuid\n2 getuid\n')
  expect(stderr).toContain(`damaged at byte ${section().length + uid.length}: `)
  expect(code).toBe(5)
})
