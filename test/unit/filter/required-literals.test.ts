// Texts that must occur in a trace for any event to pass a filter.
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, requiredLiterals } from '../../../src/filter/index.js'

const texts = (filter: string) => requiredLiterals(checkFilter(filter, registry))?.texts

test('the longest part of a path or a command counts, because names are composed of such parts', () => {
  expect(texts('fd.name contains /etc/passwd')).toEqual(['passwd'])
  expect(texts('fd.name=/var/log/nginx/access.log')).toEqual(['access.log'])
  expect(texts('fd.directory startswith /home/some-body')).toEqual(['some-body'])
  expect(texts('proc.cmdline contains "python3 -m http.server"')).toEqual(['http.server'])
})

test('texts that ksys itself writes, or could write, are of no use', () => {
  for (const f of [
    'fd.name contains 10.0.0.1:8080',
    'fd.name contains ->',
    'fd.name=/',
    'fd.name contains ab',
    'fd.name contains ffff88810a',
  ])
    expect(texts(f), f).toBeUndefined()
})

test('of alternatives all texts are needed, of conditions joined by and the rarest one', () => {
  expect(texts('fd.name in (/etc/passwd, /etc/shadow)')).toEqual(['passwd', 'shadow'])
  expect(texts('fd.name contains passwd or proc.exe endswith /sshd')).toEqual(['passwd', 'sshd'])
  expect(texts('fd.name contains passwd or evt.type=open')).toBeUndefined()
  expect(texts('evt.type=open and fd.name contains lib and proc.name contains redis-server')).toEqual(['redis-server'])
})

test('no text is required if it may be missing, or differ', () => {
  for (const f of [
    'not fd.name contains passwd',
    'fd.name != /etc/passwd',
    'fd.name icontains passwd',
    'fd.name glob *passwd*',
    'fd.name regex pass.*',
    'tolower(fd.name) contains passwd',
    'fd.name exists',
    'evt.arg.name contains passwd',
  ])
    expect(texts(f), f).toBeUndefined()
})

test('if only threads are compared, texts of descriptors do not count', () => {
  expect(requiredLiterals(checkFilter('proc.exepath contains redis-server', registry))?.threads).toBe(true)
  expect(requiredLiterals(checkFilter('proc.name contains redis or fd.name contains redis', registry))?.threads).toBe(
    false,
  )
})
