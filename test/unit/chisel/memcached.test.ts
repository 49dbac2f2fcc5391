// Requests in memcached's text protocol, in pieces of any size.
import { expect, test } from 'vitest'
import { MemcachedReader } from '../../../src/chisel/memcached.js'

const read = (reader: MemcachedReader, text: string | Buffer, captured?: number) => {
  const whole = Buffer.from(text as string, 'latin1')
  return reader.read('1 2 true', whole.subarray(0, captured), whole.length).map((r) => `${r.method} ${r.key} ${r.size}`)
}

test('requested keys are shown, and stored values with their sizes', () => {
  const reader = new MemcachedReader()
  expect(read(reader, 'get a b\r\n')).toEqual(['get a 0', 'get b 0'])
  expect(read(reader, 'set k 0 0 5\r\nget x\r\ngets q\r\nmg z v\r\nms w 3 T0\r\nabc\r\n')).toEqual([
    'set k 5',
    'gets q 0',
    'mg z 0',
    'ms w 3',
  ])
})

test('a value is not a request, even in pieces or if it was not captured', () => {
  const reader = new MemcachedReader()
  expect(read(reader, 'set k 0 0 20\r\nget a\r\n')).toEqual(['set k 20'])
  expect(read(reader, 'get b\r\n')).toEqual([])
  expect(read(reader, '123456\r\nget c\r\n')).toEqual(['get c 0'])
  expect(read(reader, `set k 0 0 3000\r\n${'get d\r\n'.repeat(500)}`, 80)).toEqual(['set k 3000'])
  expect(read(reader, 'get e\r\n')).toEqual(['get e 0'])
})

test('data that are not requests are skipped', () => {
  const reader = new MemcachedReader()
  for (const text of ['VALUE a 0 1\r\n1\r\nEND\r\n', 'set k 0 0 many\r\n', 'set\r\n', 'get \r\n', '', '\n\n', 'get'])
    expect(read(reader, text)).toEqual([])
  expect(read(reader, Buffer.from([0x80, 0, 0, 1]))).toEqual([])
  expect(reader.binary).toBe(1)
})
