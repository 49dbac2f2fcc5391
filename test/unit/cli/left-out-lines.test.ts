// Lines that are omitted because a field of -p has no value: their number, the field, and how to print them.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'

const web = join(root, 'captures/web.ksys')
const count = (text: string) => text.split('\n').filter((l) => l !== '').length

test.each([
  ['as text', []],
  ['as JSON', ['-j']],
  ['as CSV', ['--to', 'csv']],
])('omitted lines are reported at the end: %s', (_, words: string[]) => {
  const ran = ksys(['-r', web, '-p', '%evt.num %fd.name %fd.typechar', ...words, 'evt.num>100'])
  expect(ran.code).toBe(0)
  const whole = count(ksys(['-r', web, '-p', '*%evt.num', 'evt.num>100']).stdout)
  const shown = count(ran.stdout) - (words.includes('csv') ? 1 : 0)
  const message = /^ksys: (?:[^:\n]+: )?([\d,]+) lines were omitted because a field has no value there: fd\.name/m.exec(
    ran.stderr,
  )
  expect(Number(message?.[1]?.replaceAll(',', '')) + shown).toBe(whole)
  expect(ran.stderr).toContain("a leading * keeps them: -p '*%evt.num %fd.name %fd.typechar'")
})

test('a single field is named without a number, and a star prints all lines', () => {
  expect(ksys(['-r', web, '-p', '%evt.num %user.loginname', 'evt.num=1']).stderr).toBe(
    "ksys: 1 line was omitted because a field has no value there: user.loginname; a leading * keeps them: -p '*%evt.num %user.loginname'\n",
  )
  expect(ksys(['-r', web, '-p', '*%evt.num %user.loginname'])).toMatchObject({ stderr: '', code: 0 })
})
