// Snapshots that are packed repeatedly.
import { expect, test } from 'vitest'
import type { ListedSnapshot } from '../../../src/model/snapshot.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { pack, unpack } from '../../../src/trace/pack.js'
import { packSnapshot } from '../../../src/trace/pack-snapshot.js'
import { NOTHING } from '../../helpers/trace.js'

const ENV = ['PATH=/bin', 'ODD=\udc80\udcff', 'É=ü']

function snapshot(count: number, env: string[] = ENV): ListedSnapshot {
  const threads = Array.from({ length: count }, (_, i) => ({
    ...unknownThread(),
    tid: i + 1,
    args: [`${i}`],
    env: i % 3 === 0 ? [] : env,
    cgroups: ['cpu=/'],
  }))
  return { ...NOTHING, threads }
}

test('the result is the same whether or not the lists are cached, and whatever they contain', () => {
  const s = snapshot(300)
  const bytes = Buffer.from(pack(s))
  for (let i = 0; i < 3; i++) expect(packSnapshot(s).equals(bytes)).toBe(true)
  expect(packSnapshot(snapshot(2)).equals(pack(snapshot(2)))).toBe(true)
  const many = snapshot(50, [`LONG=${'x'.repeat(200_000)}`])
  for (let i = 0; i < 2; i++) expect(packSnapshot(many).equals(pack(many))).toBe(true)
  expect(unpack(packSnapshot(s))).toEqual(unpack(bytes))
})

test('a list that replaced another one is packed again', () => {
  const s = snapshot(3)
  packSnapshot(s)
  s.threads[1]!.env = ['PATH=/sbin']
  expect(packSnapshot(s).equals(pack(s))).toBe(true)
})
