// What a kernel lacks is said in a sentence.
import { expect, test } from 'vitest'
import { CODE, CODE_LIMIT } from '../../../src/schema/codes.js'
import { eventsByName } from '../../../src/schema/events/index.js'
import { FEATURES, hostFeatures, lackingFeature, unseenUring } from '../../../src/source/features.js'

const all = (lacking: string[] = []) => new Map(FEATURES.map((f) => [f.name, !lacking.includes(f.name)]))

test('every feature is one that the addon looks for', () => {
  const has = hostFeatures()
  if (has !== undefined) expect([...has.keys()].sort()).toEqual(FEATURES.map((f) => f.name).sort())
})

test('only what cannot be done without ends a capture', () => {
  expect(lackingFeature(all())).toBeUndefined()
  expect(lackingFeature(all(['io_uring', 'direct reads', 'page faults']))).toBeUndefined()
  expect(lackingFeature(all(['io_uring', 'registers of threads']))?.since).toBe('5.15')
})

test('a program that uses io_uring where that cannot be followed is told of, once it was seen', () => {
  const seen = new Uint32Array(CODE_LIMIT)
  const blind = all(['io_uring'])
  expect(unseenUring(seen, blind)).toBeUndefined()
  seen[eventsByName('io_uring_enter').at(-1) as number] = 3
  expect(unseenUring(seen, blind)).toMatch(/used io_uring: what it did that way is not seen/)
  expect(unseenUring(seen, all())).toBeUndefined()
  expect(unseenUring(seen, undefined)).toBeUndefined()
  seen[CODE.io_uring_complete] = 1
  expect(unseenUring(seen, blind)).toBeUndefined()
})
