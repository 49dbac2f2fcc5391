// Which locales show more than ASCII, and what commands print where they do not.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { usesUtf8 } from '../../../src/model/glyphs.js'
import { ksys, root } from '../../helpers/ksys.js'

test.each([
  [{}, true],
  [{ LANG: 'de_DE.UTF-8' }, true],
  [{ LANG: 'en_US.utf8' }, true],
  [{ LANG: 'C.UTF-8' }, true],
  [{ LANG: 'de_DE.UTF-8@euro' }, true],
  [{ LANG: 'C' }, false],
  [{ LANG: 'POSIX' }, false],
  [{ LANG: 'de_DE' }, false],
  [{ LANG: 'ja_JP.eucJP' }, false],
  [{ LANG: 'C.UTF-8', LC_CTYPE: 'C' }, false],
  [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
  [{ LANG: 'C.UTF-8', LC_CTYPE: 'C.UTF-8', LC_ALL: 'C' }, false],
  [{ LANG: 'C', LC_CTYPE: 'C', LC_ALL: 'C.UTF-8' }, true],
  [{ LANG: 'C.UTF-8', LC_CTYPE: '', LC_ALL: '' }, true],
])('%j: UTF-8 is %s', (env, utf8) => expect(usesUtf8(env)).toBe(utf8))

const BUILD = join(root, 'captures/build.ksys')
const values = Array.from({ length: 40 }, (_, i) => `name${i}`).join(', ')

test.each([
  ['bars and sums of a view', ['ui', '-r', BUILD, '--plain', '-v', 'latency']],
  ['the tree of a view', ['ui', '-r', BUILD, '--plain', '-v', 'procs']],
  ['a heat map', ['-r', BUILD, '-c', 'spectrogram', '--color', 'never']],
  ['latencies', ['-r', BUILD, '-c', 'latency']],
  ['an explanation of many values', ['--explain', `proc.name in (${values}) and evt.type=read`]],
  ['the place of an error in a long filter', [`proc.name in (${values}) and proc.nam=x and proc.name in (${values})`]],
])('with LC_ALL=C, %s are drawn in ASCII, in as many lines and cells as otherwise', (_, words) => {
  const [ascii, utf8] = ['C', 'C.UTF-8'].map((locale) => {
    const { stdout, stderr } = ksys(words, { env: { LC_ALL: locale } })
    return (stdout + stderr).split('\n')
  }) as [string[], string[]]
  expect(ascii.filter((line) => !/^[\t\x20-\x7e]*$/.test(line))).toEqual([])
  expect(ascii.length).toBe(utf8.length)
  expect(ascii.length).toBeGreaterThan(1)
})

test('text of programs stays as it is', () => {
  const { stdout } = ksys(['-p', '%proc.name', '-r', BUILD, '-n', '1', 'evt.type=openat or proc.name="ü…"'], {
    env: { LC_ALL: 'C' },
  })
  expect(stdout).not.toBe('')
  expect(ksys(['proc.nam=ü'], { env: { LC_ALL: 'C' } }).stderr).toContain('ü')
})
