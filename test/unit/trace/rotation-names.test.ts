// Names of the files that one -w creates.
import { expect, test } from 'vitest'
import { FileNames } from '../../../src/trace/rotation/names.js'

const WHEN = new Date(2026, 0, 31, 14, 5, 9)

test('a number before the extension continues after the highest one, of complete files or not', () => {
  const names = FileNames.forPath('/logs/x.ksys', false)
  expect(names.next([], WHEN)).toBe('x-000001.ksys')
  expect(names.next(['x-000009.ksys', 'x-000012.ksys.part', 'y-000099.ksys', 'x-77.ksys'], WHEN)).toBe('x-000013.ksys')
  expect(names.next(['x-999999.ksys'], WHEN)).toBe('x-1000000.ksys')
  expect(FileNames.forPath('trace', false).next(['trace-000001'], WHEN)).toBe('trace-000002')
  // beyond the range in which numbers are exact
  expect(names.next(['x-99999999999999999999999.ksys'], WHEN)).toBe('x-000001.ksys')
})

test('a date in the name is that of the start, with a number if it is taken', () => {
  const names = FileNames.forPath('x-%Y%m%d-%H%M%S.ksys', false)
  expect(names.next([], WHEN)).toBe('x-20260131-140509.ksys')
  expect(names.next(['x-20260131-140509.ksys', 'x-20260131-140509-1.ksys.part'], WHEN)).toBe('x-20260131-140509-2.ksys')
  expect(FileNames.forPath('/logs', true).next([], WHEN)).toBe('ksys-20260131-140509.ksys')
  expect(FileNames.forPath('%F_%T %a %b %j %y %I%p %u%w 100%%.ksys', false).next([], WHEN)).toBe(
    '2026-01-31_14:05:09 Sat Jan 031 26 02PM 66 100%.ksys',
  )
})

test('a date may follow the last dot', () => {
  const names = FileNames.forPath('trace.%Y%m%d', false)
  expect(names.next([], WHEN)).toBe('trace.20260131')
  expect(names.next(['trace.20260131'], WHEN)).toBe('trace.20260131-1')
  expect(() => FileNames.forPath('x.%D', false)).toThrow(/%D is not a date conversion/)
})

test('only names that can be created match', () => {
  const numbered = FileNames.forPath('a+b.ksys', false)
  const own = (names: FileNames, all: string[]) => all.filter((n) => names.matches(n))
  expect(
    own(numbered, ['a+b-000001.ksys', 'a+b-000001.ksys.part', 'a+b.ksys', 'aab-000001.ksys', 'a+b-000001.ksys.gz']),
  ).toEqual(['a+b-000001.ksys', 'a+b-000001.ksys.part'])
  const dated = FileNames.forPath('%Y-%m.ksys', false)
  expect(own(dated, ['2026-01.ksys', '2026-01-3.ksys', '2026-1.ksys', 'x2026-01.ksys', '2026-01.scap'])).toEqual([
    '2026-01.ksys',
    '2026-01-3.ksys',
  ])
})

test('%% is a % whatever follows', () => {
  for (const c of ['F', 'T', 'R', 'h', 'Y', '%']) {
    const doubled = c === '%' ? '%%' : c
    expect(FileNames.forPath(`100%%${doubled}.ksys`, false).next([], WHEN)).toBe(`100%${c}-000001.ksys`)
  }
  expect(FileNames.forPath('%%%F%%.ksys', false).next([], WHEN)).toBe('%2026-01-31%.ksys')
})

test('messages have a pattern that matches all of them, including those whose name was taken', () => {
  const pattern = (path: string) => FileNames.forPath(path, path.endsWith('/')).pattern
  expect(pattern('/logs/')).toBe('/logs/ksys-*-*.ksys')
  expect(pattern('web2-2026.ksys')).toBe('web2-2026-*.ksys')
  expect(pattern('a/web2-%F.ksys')).toBe('a/web2-*-*-*.ksys')
  expect(pattern('%b%d 5%%.ksys')).toBe('* 5%*.ksys')
  expect(pattern('%s')).toBe('*')
})

test('an unknown date conversion or a control character is refused with a message', () => {
  expect(() => FileNames.forPath('x/%D.ksys', false)).toThrow(/%D is not a date conversion for names: known are %% %a/)
  expect(() => FileNames.forPath('50%.ksys', false)).toThrow(/write a literal % as %%/)
  expect(() => FileNames.forPath('a\nb.ksys', false)).toThrow(/control character/)
})
