// The maximum memory for the connections of a machine, whatever they transfer.
import { expect, test } from 'vitest'
import { Connections } from '../../../src/http/index.js'

test('endless heads are dropped, oldest first, before they need more than 64 MB together', () => {
  const ended: number[] = []
  let met = 0
  const all = new Connections<number>({ owner: () => met++, end: (_m, _x, owner) => void ended.push(owner) }, 0)
  const start = Buffer.from(`GET /${'a'.repeat(100_000)} HTTP/1.1\r\nX: `)
  for (let key = 0; key < 1000; key++) all.data(key, 0, true, start, start.length, key)
  const kept = 1000 - ended.length
  expect(ended).toEqual(Array.from({ length: ended.length }, (_, i) => i))
  expect(kept * start.length).toBeLessThan(64 << 20)
  expect(kept).toBeGreaterThan(100)
})

test('unanswered requests count too, and answered ones are released', () => {
  const ended: string[] = []
  let met = 0
  const all = new Connections<number>({ owner: () => met++, end: (m, _x, o) => void ended.push(`${o} ${m.kind}`) }, 0)
  const request = Buffer.from(`GET / HTTP/1.1\r\nX: ${'a'.repeat(60_000)}\r\n\r\n`)
  const response = Buffer.from('HTTP/1.1 204 None\r\n\r\n')
  for (let i = 0; i < 3000; i++) {
    all.data(1, 0, true, request, request.length, i)
    all.data(1, 0, false, response, response.length, i)
  }
  expect(met).toBe(1)
  for (let i = 0; i < 3000; i++) all.data(2 + (i % 20), 0, true, request, request.length, i)
  expect(met).toBeGreaterThan(21)
})
