// Numbers, durations and times as users may write them, at the limits of what is valid.
import { describe, expect, test } from 'vitest'
import { textOrder } from '../../../src/filter/bytes.js'
import { parseDuration, parseTime, TimeOfDay } from '../../../src/filter/time.js'
import { type Made, passes } from './world.js'

describe('numbers are valid in all forms', () => {
  test.each<[string, number]>([
    ['+7', 7],
    ['-7', -7],
    ['007', 7],
    ['0xff', 255],
    ['0XFF', 255],
    ['-0x10', -16],
    ['+0x10', 16],
    ['1e3', 1000],
    ['1E+3', 1000],
    ['15e-1k', 1536],
    ['2.5k', 2560],
    ['1.k', 1024],
    ['4K', 4096],
    ['4kb', 4096],
    ['4KiB', 4096],
    ['1m', 1048576],
    ['1MB', 1048576],
    ['1g', 1073741824],
    ['1GiB', 1073741824],
    ['1t', 1099511627776],
  ])('%s is %d', (text, n) => {
    expect(passes(`fd.num = "${text}"`, { 'fd.num': n })).toBe(true)
    expect(passes(`fd.num = "${text}"`, { 'fd.num': n + 1 })).toBe(false)
  })

  test.each([
    '',
    'x7',
    '7x',
    '0x',
    '0xg',
    'x0x1',
    '1.5',
    '1.2.3',
    '--1',
    '+-1',
    '1e',
    '1e400',
    '4kk',
    '4ib',
    '4p',
    'k',
    '1 k',
  ])('%j is not a whole number', (text) => expect(() => passes(`fd.num = "${text}"`, {})).toThrow())

  test('64 bits, signed or not, are the maximum', () => {
    for (const n of ['18446744073709551616', '-9223372036854775808', '0xffffffffffffffff'])
      expect(() => passes(`fd.num = ${n}`, {}), n).not.toThrow()
    for (const n of ['18446744073709551617', '-9223372036854775809', '0x1ffffffffffffffff'])
      expect(() => passes(`fd.num = ${n}`, {}), n).toThrow(/64 bits/)
  })

  test('a negative number matches the unsigned number with the same bits', () => {
    expect(passes('user.uid = -2', { 'user.uid': 2 ** 32 - 2 })).toBe(true)
    expect(passes('evt.num = -1', { 'evt.num': 2 ** 64 })).toBe(true)
    expect(passes('fd.num = -2', { 'fd.num': -2 })).toBe(true)
    expect(passes('evt.rawarg.size = -1', { 'evt.rawarg[size]': 2n ** 64n - 1n })).toBe(true)
  })

  test('a port without a number is 0', () => {
    expect(passes('fd.sport=""', { 'fd.sport': 0 })).toBe(true)
    expect(passes('fd.sport=HTTPS', { 'fd.sport': 443 })).toBe(true)
    expect(passes('fd.sport=0x50', { 'fd.sport': 80 })).toBe(true)
  })
})

test.each<[string, number]>([
  ['5', 5],
  ['5ns', 5],
  ['5us', 5e3],
  ['5µs', 5e3],
  ['5ms', 5e6],
  ['5s', 5e9],
  ['5m', 300e9],
  ['5min', 300e9],
  ['5h', 18000e9],
  ['5d', 432000e9],
  ['1.25s', 1.25e9],
  ['-1s', -1e9],
  ['+1s', 1e9],
  ['1e3us', 1e6],
  ['1e-3s', 1e6],
  ['1E+2ns', 100],
  ['0.4ns', 0],
  ['0.6ns', 1],
])('%s are %d ns', (text, ns) => expect(parseDuration(text)).toBe(ns))

test.each(['', 's', 'x5s', '5sx', '5 s', '1.s', '.5s', '5M', '5sec', '1e999s', '1e', '--5'])(
  '%j is not a duration',
  (text) => expect(parseDuration(text)).toBeUndefined(),
)

describe('times are valid in all forms', () => {
  test.each<[string, number | bigint]>([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-11-25T10:00:00Z', Date.UTC(2026, 10, 25, 10)],
    ['2026-11-25 10:00Z', Date.UTC(2026, 10, 25, 10)],
    ['2026-11-25T10:00:07 Z', Date.UTC(2026, 10, 25, 10, 0, 7)],
    ['2026-11-25T10:00:00+01:30', Date.UTC(2026, 10, 25, 8, 30)],
    ['2026-11-25T10:00:00-0130', Date.UTC(2026, 10, 25, 11, 30)],
    ['2026-11-25T23:59:60Z', Date.UTC(2026, 10, 26)],
    ['2028-02-29T00:00Z', Date.UTC(2028, 1, 29)],
    ['2026-12-31T23:59Z', Date.UTC(2026, 11, 31, 23, 59)],
    ['2026-11-25', new Date(2026, 10, 25).getTime()],
    ['2026-11-25T09:08:07', new Date(2026, 10, 25, 9, 8, 7).getTime()],
  ])('%s', (text, ms) => expect(parseTime(text)).toBe(BigInt(ms) * 1000000n))

  test('fractions of a second are exact to the nanosecond', () => {
    expect(parseTime('1970-01-01T00:00:01.5Z')).toBe(1500000000n)
    expect(parseTime('1970-01-01T00:00:01.000000007Z')).toBe(1000000007n)
  })

  test('a whole number is ns since 1970', () => {
    expect(parseTime('1795600800250000007')).toBe(1795600800250000007n)
    expect(parseTime('+5')).toBe(5n)
    expect(parseTime('-5')).toBe(-5n)
  })

  test.each<[string, number, string]>([
    ['00:00', 0, '00:00:00'],
    ['23:59:59', 86399e9, '23:59:59'],
    ['9:05', 32700e9, '09:05:00'],
    ['10:20:30.5', 37230.5e9, '10:20:30'],
  ])('the time of day %s is valid', (text, ns, shown) => {
    const t = parseTime(text) as TimeOfDay
    expect(t).toBeInstanceOf(TimeOfDay)
    expect([t.ns, String(t)]).toEqual([ns, shown])
  })

  test.each(
    [
      '',
      'x',
      '24:00',
      '10:60',
      '10:00:61',
      '10',
      'x5',
      '10:0',
      '10:00:00.1234567890',
      '2026-13-01',
      '2026-00-10',
      '2026-02-29',
      '2026-04-31',
      '2026-11-25T24:00Z',
      '2026-11-25T10:60Z',
      '2026-11-25T10:00:61Z',
      '2026-11-25T10',
      '2026-11-25Z',
      '2026-11-25T10:00+1',
      '2026-1-5',
      'x2026-11-25',
      '2026-11-25x',
      '12345678901234567890',
    ].filter((t) => t !== '10'),
  )('%j is not a time', (text) => expect(parseTime(text)).toBeUndefined())
})

describe('bytes of a buffer', () => {
  const data = (text: string): Made => ({ 'evt.buffer': new Uint8Array(Buffer.from(text, 'latin1')) })
  test.each<[filter: string, yes: readonly string[], no: readonly string[]]>([
    ['evt.buffer=abc', ['abc'], ['ab', 'abcd', 'xbc', 'abx', '']],
    ['evt.buffer startswith ab', ['ab', 'abc'], ['a', 'xab', '']],
    ['evt.buffer endswith bc', ['bc', 'abc'], ['c', 'bcx', '']],
    ['evt.buffer contains aab', ['aab', 'aaab', 'xaaby', 'axaab'], ['aa', 'aa b', '']],
    ['evt.buffer contains ""', ['', 'x'], []],
    ['evt.buffer icontains "aZ@["', ['xAz@[', 'AZ@['], ['az', 'az`[', 'aZ@{', '']],
    ['evt.buffer bcontains 0aFF', ['\n\xff', 'x\n\xffy'], ['\n', '\xff\n']],
  ])('%s', (filter, yes, no) => {
    for (const text of yes) expect(passes(filter, data(text)), `passes ${text}`).toBe(true)
    for (const text of no) expect(passes(filter, data(text)), `refuses ${text}`).toBe(false)
  })

  test.each(['', '0', '0x10', '001', '00g1', 'xx00', '00xx'])('%j is not a sequence of bytes', (text) =>
    expect(() => passes(`evt.buffer bcontains "${text}"`, {})).toThrow(),
  )
})

test('texts are ordered by their bytes', () => {
  const sorted = ['', '\x01', 'a', 'a\x01', 'ab', 'abc', 'b', 'é', '\ud7ff', '\uffee', '😀', '😁', '\udc80', '\udcff']
  for (const [i, a] of sorted.entries())
    for (const [j, b] of sorted.entries()) {
      const byBytes = (a === '\udc80' || a === '\udcff') === (b === '\udc80' || b === '\udcff')
      if (byBytes) expect(Math.sign(textOrder(a, b)), `${i} ${j}`).toBe(Math.sign(i - j))
    }
  expect(textOrder('\udc80', 'é'), 'a byte 0x80 comes before 0xc3').toBeLessThan(0)
  expect(textOrder('\uffee', '\udcff'), 'and 0xef before 0xff').toBeLessThan(0)
})
