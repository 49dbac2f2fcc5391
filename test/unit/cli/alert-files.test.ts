// Files with the calls around alerts: their names, and limits on their number and size.

import { mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AlertFolder, safeName } from '../../../src/cli/rules/capture-files/alert-folder.js'
import { FileQuota } from '../../../src/cli/rules/capture-files/quota.js'
import { batchNs, bootNs } from '../../../src/model/time.js'
import { INFO, scratch } from '../../helpers/trace.js'

const path = scratch()
const LIMITS = { perRule: 2, bytesADay: 1000, largest: undefined }
const HOUR = 3600e9

test.each([
  ['Write below /etc', 'Write-below-etc'],
  ['../../etc/passwd', 'etc-passwd'],
  ['Fünf\n\u001b[31m', 'Fu-nf-31m'],
  ['规则', 'rule'],
  ['%Y-%m', 'Y-m'],
  ['x'.repeat(300), 'x'.repeat(60)],
])('in a file name, the rule %j is %s', (rule, name) => {
  expect(safeName(rule)).toBe(name)
})

test('a file is named by the prefix, the rule and the time; in a folder by the rule and the time', async () => {
  mkdirSync(path('folder'))
  const settings = { prefix: '', ofAllRules: false, memory: { bytes: 8 << 20 }, after: 1e9, ...LIMITS }
  const nameAt = async (prefix: string) => {
    const folder = await AlertFolder.open({ ...settings, prefix }, {}, () => undefined)
    onTestFinished(() => folder.close())
    return folder.next('Some rule', batchNs(5), INFO).path
  }
  const name = await nameAt(join(path(''), 'falco'))
  expect(dirname(name)).toBe(dirname(path('x')))
  expect(basename(name)).toMatch(/^falco_Some-rule_\d{8}-\d{6}-\d{9}\.ksys$/)
  const inside = await nameAt(path('folder'))
  expect(dirname(inside)).toBe(path('folder'))
  expect(basename(inside)).toMatch(/^Some-rule_\d{8}-\d{6}-\d{9}\.ksys$/)
  await expect(nameAt('/nonexistent/falco')).rejects.toThrow(/there is no such folder/)
})

test('the number of files of a rule within a day is limited, independently of other rules', () => {
  const messages: string[] = []
  const quota = new FileQuota({ ...LIMITS, bytesADay: 1e9 }, (sentence) => messages.push(sentence))
  expect([0, 1, 2, 3].map((h) => quota.take('A', bootNs(h * HOUR), 1))).toEqual([true, true, false, false])
  expect(quota.take('B', bootNs(3 * HOUR), 1)).toBe(true)
  expect(messages).toEqual([
    expect.stringMatching(/^2 files were written around alerts of 'A' within a day \(--max-files\)/),
  ])
  expect(quota.take('A', bootNs(24.5 * HOUR), 1)).toBe(true)
})

test('the bytes of all files within a day are limited, and a file that cannot be written is not retried immediately', () => {
  const messages: string[] = []
  const quota = new FileQuota({ ...LIMITS, perRule: 100 }, (sentence) => messages.push(sentence))
  expect(quota.take('A', bootNs(0), 400)).toBe(true)
  quota.wrote(bootNs(0), 700)
  expect(quota.available(bootNs(HOUR))).toBe(300)
  expect(quota.take('B', bootNs(HOUR), 400)).toBe(false)
  expect(quota.take('C', bootNs(HOUR), 400)).toBe(false)
  expect(messages).toEqual([expect.stringMatching(/exceed --max-bytes-a-day/)])
  expect(quota.take('B', bootNs(25 * HOUR), 400)).toBe(true)
  quota.failed(bootNs(25 * HOUR))
  expect(quota.take('B', bootNs(25 * HOUR + 1e9), 1)).toBe(false)
  expect(quota.take('B', bootNs(25 * HOUR + 61e9), 1)).toBe(true)
})

test('the size of a file is limited', () => {
  const quota = new FileQuota({ ...LIMITS, largest: 100 }, () => undefined)
  expect(quota.available(bootNs(0))).toBe(100)
  expect(quota.take('A', bootNs(0), 100_000)).toBe(true)
})
