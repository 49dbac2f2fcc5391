// A trigger that always passes writes a limited number of files.
import { expect, test } from 'vitest'
import { TriggerLimits } from '../../../src/cli/record/trigger-limits.js'

const S = 1e9
const HOUR = 3600 * S

function limits(o: { files?: number; cooldown?: number; bytesADay?: number }) {
  const messages: string[] = []
  const all = { files: 1000, cooldown: 0, bytesADay: undefined, ...o }
  return { told: messages, limits: new TriggerLimits(all, (sentence) => messages.push(sentence)) }
}

test('the number of files is limited, which is reported once', () => {
  const { limits: l, told } = limits({ files: 2 })
  for (let i = 0; i < 2; i++) {
    expect(l.allows(i * S, 10)).toBe(true)
    l.wrote(i * S, 10, true)
  }
  expect([l.allows(5 * S, 10), l.allows(6 * S, 10)]).toEqual([false, false])
  expect(told).toEqual(['2 files were written (--max-files); further triggers are ignored'])
})

test('files that users request do not count towards the limit of triggers', () => {
  const { limits: l } = limits({ files: 1 })
  l.wrote(0, 10, false)
  expect(l.allows(S, 10)).toBe(true)
})

test('for a while after a file, or after a failure, none is written', () => {
  const { limits: l } = limits({ cooldown: 60 * S })
  l.wrote(10 * S, 10, true)
  expect([l.allows(69 * S, 10), l.allows(71 * S, 10)]).toEqual([false, true])
  l.failed(100 * S)
  expect([l.allows(150 * S, 10), l.allows(161 * S, 10)]).toEqual([false, true])
})

test('the bytes within a day are limited, files that users requested included', () => {
  const { limits: l, told } = limits({ bytesADay: 1000 })
  l.wrote(0, 600, false)
  expect(l.allows(HOUR, 500)).toBe(false)
  expect(told.length).toBe(1)
  expect(l.allows(HOUR, 300)).toBe(true)
  l.wrote(HOUR, 300, true)
  expect(l.available(2 * HOUR)).toBe(100)
  expect(l.available(24.5 * HOUR)).toBe(700)
  expect(l.allows(25.5 * HOUR, 1000)).toBe(true)
})
