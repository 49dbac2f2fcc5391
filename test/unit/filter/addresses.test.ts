// Which texts are addresses or networks, and how an address is written.

import { expect, test } from 'vitest'
import { parseAddress, parseNet, printAddress, sameAddress } from '../../../src/filter/address.js'
import fc from '../../helpers/properties.js'

const written = (text: string): string | undefined => {
  const a = parseAddress(text)
  return a && printAddress(a)
}

test.each([
  ['0.0.0.0', '0.0.0.0'],
  ['255.255.255.255', '255.255.255.255'],
  ['010.001.0.9', '10.1.0.9'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ['FE80::ABCD', 'fe80::abcd'],
  ['1:0:0:4:0:0:0:8', '1:0:0:4::8'],
  ['1:0:0:0:5:0:0:8', '1::5:0:0:8'],
  ['1:0:0:4:5:0:0:8', '1::4:5:0:0:8'],
  ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
  ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['::ffff:102:304', '1.2.3.4'],
  ['::fffe:102:304', '::fffe:102:304'],
  ['::ff00:102:304', '::ff00:102:304'],
  ['::ff:102:304', '::ff:102:304'],
  ['1::ffff:102:304', '1::ffff:102:304'],
  ['::1.2.3.4', '::102:304'],
  ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
])('%s is the address %s', (text, canonical) => expect(written(text)).toBe(canonical))

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1.2.3.999',
  '1.2.3.x4',
  '1.2.3.4x',
  '1.2..4',
  '1.2.3.0004',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4::5:6:7:8',
  '12345::',
  '::g',
  'g::',
  '::1.2.3.4:5',
  '1.2.3.4::',
  '::1.2.3.256',
  `::${'0'.repeat(45)}1`,
])('%j is not an address', (text) => expect(parseAddress(text)).toBeUndefined())

test('a printed address is parsed as the same address', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((g) => g.toString(16)).join(':')
      const short = written(long) as string
      expect(parseAddress(short)).toEqual(parseAddress(long))
      expect(sameAddress(long, short)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('two texts may stand for one address', () => {
  expect(sameAddress('::1', '::1')).toBe(true)
  expect(sameAddress('0:0::1', '::1')).toBe(true)
  expect(sameAddress('::ffff:1.2.3.4', '1.2.3.4')).toBe(true)
  expect(sameAddress('0:0::2', '::1')).toBe(false)
  expect(sameAddress('1.2.3.4', '1.2.3.5')).toBe(false)
  expect(sameAddress('nonsense:', '::1')).toBe(false)
})

test.each([
  ['10.0.0.0/8', '10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['11.0.0.0', '9.255.255.255', '::a00:0']],
  ['10.1.2.3', '10.1.2.3/32', ['10.1.2.3'], ['10.1.2.2', '10.1.2.4']],
  ['0.0.0.0/0', '0.0.0.0/0', ['1.2.3.4'], ['::1', 'nonsense', '']],
  ['192.168.4.0/22', '192.168.4.0/22', ['192.168.7.255'], ['192.168.8.0', '192.168.3.255']],
  ['10.0.0.7/31', '10.0.0.7/31', ['10.0.0.6', '10.0.0.7'], ['10.0.0.5', '10.0.0.8']],
  ['fe80::/10', 'fe80::/10', ['febf::1'], ['fec0::1', '254.128.0.1']],
  ['::/0', '::/0', ['fe80::1'], ['1.2.3.4']],
  ['::1', '::1/128', ['::1'], ['::2', '::']],
  ['::ffff:10.0.0.0/104', '10.0.0.0/8', ['10.9.9.9'], ['11.0.0.0']],
  ['::ffff:10.0.0.1', '10.0.0.1/32', ['10.0.0.1'], ['10.0.0.2']],
  ['::ffff:0.0.0.0/96', '0.0.0.0/0', ['9.9.9.9'], ['::1']],
] as const)('%s is a valid network', (text, name, inside, outside) => {
  const net = parseNet(text)
  expect(String(net)).toBe(name)
  for (const a of inside) expect(net?.has(a), a).toBe(true)
  for (const a of outside) expect(net?.has(a), a).toBe(false)
})

test.each([
  '10.0.0.0/33',
  '::1/129',
  '::ffff:10.0.0.0/95',
  '10.0.0.0/',
  '/8',
  '10.0.0.0/8/8',
  'x/8',
  '10.0.0.0/1234',
  '',
])('%j is not a network', (text) => expect(parseNet(text)).toBeUndefined())
