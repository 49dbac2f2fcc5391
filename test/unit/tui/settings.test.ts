// The settings file: saved settings are loaded again, and nothing in it or around it can do harm.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SettingsFile } from '../../../src/tui/settings/file.js'
import { NONE, type Settings } from '../../../src/tui/settings/settings.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-settings-'))
afterAll(() => rmSync(dir, { recursive: true }))
let count = 0
const folder = () => join(dir, String(count++))
const file = (at: string) => SettingsFile.of({ XDG_CONFIG_HOME: at })

test('settings are loaded as they were saved, the file is readable by its owner alone, and replaced as a whole', () => {
  const at = folder()
  const settings: Settings = {
    theme: 'dark',
    refresh: 500,
    mouse: false,
    views: { procs: { columns: { order: ['PID', 'CPU'], hidden: ['CPU'] }, sort: { column: 'PID', ascending: true } } },
  }
  expect(file(at).read()).toEqual({ settings: NONE })
  expect(file(at).write(NONE)).toBeUndefined()
  expect(file(at).write(settings)).toBeUndefined()
  expect(file(at).read()).toEqual({ settings })
  expect(readdirSync(join(at, 'ksys'))).toEqual(['ui.json'])
  expect(statSync(join(at, 'ksys/ui.json')).mode & 0o777).toBe(0o600)
  expect(statSync(join(at, 'ksys')).mode & 0o777).toBe(0o700)
})

test.each([
  ['no JSON', 'root:x:0:0'],
  ['a list', '[]'],
  ['an unknown theme', '{"theme":"pink"}'],
  ['a refresh of nothing', '{"refresh":0}'],
  ['a mouse of text', '{"mouse":"on"}'],
  ['views of a list', '{"views":[]}'],
  ['a view of text', '{"views":{"procs":"x"}}'],
  ['columns of numbers', '{"views":{"procs":{"columns":{"order":[1],"hidden":[]}}}}'],
  ['an order without a column', '{"views":{"procs":{"sort":{"ascending":true}}}}'],
  ['a title without end', `{"views":{"procs":{"sort":{"ascending":true,"column":"${'x'.repeat(1000)}"}}}}`],
  ['more than is read', `"${'x'.repeat(2 << 20)}"`],
])('a file with %s is reported without quoting it, and not changed', (_, text) => {
  const at = folder()
  mkdirSync(join(at, 'ksys'), { recursive: true })
  const path = join(at, 'ksys/ui.json')
  writeFileSync(path, text)
  const f = file(at)
  const { settings, note } = f.read()
  expect(settings).toEqual(NONE)
  expect(note).toContain(`settings are neither used nor saved: ${path}`)
  expect(note).not.toContain('root:x')
  expect(f.write(NONE)).toBe(note)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('its contents do not reach the prototype of objects', () => {
  const at = folder()
  mkdirSync(join(at, 'ksys'), { recursive: true })
  writeFileSync(
    join(at, 'ksys/ui.json'),
    '{"__proto__":{"theme":"dark"},"views":{"__proto__":{"sort":{"column":"x","ascending":true}}}}',
  )
  expect(file(at).read().settings.theme).toBeUndefined()
  expect(({} as { sort?: unknown }).sort).toBeUndefined()
})

test('links, and files that others may write, are neither followed nor read', () => {
  const at = folder()
  mkdirSync(join(at, 'ksys'), { recursive: true })
  const path = join(at, 'ksys/ui.json')
  const other = join(dir, 'other')
  writeFileSync(other, '{}')
  symlinkSync(other, path)
  expect(file(at).read().note).toBeDefined()
  expect(file(at).write(NONE)).toContain('it is not a regular file')
  rmSync(path)
  writeFileSync(path, '{}')
  chmodSync(path, 0o666)
  expect(file(at).read().note).toContain('others may write to it')
  rmSync(path)
  chmodSync(join(at, 'ksys'), 0o777)
  expect(file(at).write(NONE)).toContain('others may write to')
  expect(existsSync(path)).toBe(false)
  expect(readFileSync(other, 'utf8')).toBe('{}')
})
