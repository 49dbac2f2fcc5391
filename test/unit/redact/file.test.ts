// Redaction files: the meaning of lines, and the positions of errors.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseRules, RedactionError } from '../../../src/redact/file.js'

/** The position and the text of an error. */
function mistake(text: string): string {
  try {
    parseRules(text)
  } catch (e) {
    if (e instanceof RedactionError) return `${e.line}:${e.column} ${e.message}`
    throw e
  }
  return 'none'
}

test('a line names fields, an action and optionally a pattern', () => {
  const text = `
# secrets of ours
proc.env,proc.args   mask   /(?:PASS|TOKEN)=(.*)/i
fd.name  hash  /^/home/([^/]+)/
evt.arg.data drop
*\tmask\t/AKIA[0-9A-Z]{16}/\r
`
  expect(parseRules(text)).toEqual([
    { fields: ['proc.env', 'proc.args'], action: 'mask', pattern: '(?i)(?:PASS|TOKEN)=(.*)' },
    { fields: ['fd.name'], action: 'hash', pattern: '^/home/([^/]+)' },
    { fields: ['evt.arg.data'], action: 'drop' },
    { fields: ['*'], action: 'mask', pattern: 'AKIA[0-9A-Z]{16}' },
  ])
})

test('the example in the documentation is valid', () => {
  const page = readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8')
  const example = /\n```\n(# environments[^`]*)```/.exec(page)?.[1] as string
  expect(parseRules(example)).toHaveLength(6)
})

test('an error has its line and column', () => {
  expect(mistake('\n  proc.nam hash')).toMatch(/^2:3 proc\.nam cannot be redacted; fields that can: .*proc\.name/)
  expect(mistake('proc.env,proc.pname mask')).toBe('1:10 proc.pname is derived from proc.name: use proc.name')
  expect(mistake('proc.env,,fd.ip mask')).toBe('1:10 expected a field')
  expect(mistake('proc.env')).toBe('1:9 expected hash, mask, drop')
  expect(mistake('proc.env  encrypt')).toBe("1:11 expected hash, mask, drop, not 'encrypt'")
  expect(mistake('proc.env mask secret')).toBe('1:15 a pattern must be enclosed in slashes: /PATTERN/')
  expect(mistake('proc.env mask /secret')).toBe('1:22 the pattern has no slash at its end')
  expect(mistake('proc.env mask /secret/x')).toBe("1:23 only i is allowed after a pattern, not 'x'")
  expect(mistake('proc.env mask //')).toBe('1:16 the pattern is empty')
  expect(mistake('proc.env mask /(a/')).toMatch(/^1:16 invalid pattern: missing closing \)/)
  expect(mistake('proc.env mask /(?=a)b/')).toMatch(/^1:16 invalid pattern: /)
  expect(mistake('evt.arg.nonsense mask')).toBe(
    '1:1 evt.arg.nonsense is not an argument of any event; ksys -L lists them',
  )
  expect(mistake('evt.arg.ceiling mask')).toBe(
    '1:1 evt.arg.ceiling contains only fixed words of ksys and cannot be redacted',
  )
  expect(mistake('evt.num hash')).toMatch(/^1:1 evt\.num cannot be redacted/)
})

test('a field that is composed of others names those', () => {
  const made = {
    'fd.sip': 'fd.ip',
    'fd.directory': 'fd.name',
    'proc.acmdline': 'proc.cmdline',
    'k8s.pod.name': 'container.labels',
  }
  for (const [field, of] of Object.entries(made)) expect(mistake(`${field} hash`)).toContain(`use ${of}`)
})
