// Tables of the kernel's constants: what a start reads of them, and that declarations and tables fit together.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { TABLES } from '../../../src/schema/constants/tables.js'
import { constants } from '../../../src/schema/constants.js'
import { AT_FDCWD, specialDescriptor } from '../../../src/schema/special-descriptors.js'

const SCHEMA = new URL('../../../src/schema/', import.meta.url)

const BUILT = new URL('../../../.build/js/src/', import.meta.url).href
const CAPTURE = new URL('../../../captures/web.ksys', import.meta.url).pathname

/** Runs ksys with these arguments in a new process, and prints what its tables have parsed then. */
const PARSED = `
  const { main } = await import('${BUILT}cli/main.js')
  const { constants } = await import('${BUILT}schema/constants.js')
  const { TABLES } = await import('${BUILT}schema/constants/tables.js')
  const { EVENTS } = await import('${BUILT}schema/events/index.js')
  await main(process.argv.slice(1), undefined)
  const isRead = (object, key) => Object.getOwnPropertyDescriptor(object, key).get === undefined
  const tables = Object.keys(TABLES).filter((name) => isRead(constants(name), 'entries'))
  const cases = EVENTS.flatMap((d) => d?.params ?? []).flatMap((p) => p.cases?.table ?? [])
  console.log(JSON.stringify([...tables, ...cases.filter((t) => isRead(t, 'cases')).map((t) => t.name)]))
`
const parsedBy = (...args: string[]): string[] =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', PARSED, '--', ...args], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .at(-1) as string,
  )

test('a start parses no table except the numbers of ARM, by which a machine has or lacks an event', () => {
  expect(parsedBy('-r', CAPTURE, '-q')).toEqual(['arm_calls'])
})

test('a run parses the tables of the values that it names', () => {
  const parsed = parsedBy('-r', CAPTURE, 'evt.type=ioctl')
  expect(parsed).toEqual(expect.arrayContaining(['tty_requests', 'ioctl_requests']))
  expect(parsed).not.toContain('prctl_names')
})

test('every table has constants, a name of letters each, and no name twice', () => {
  for (const name of Object.keys(TABLES)) {
    const { entries } = constants(name)
    expect(entries.filter(([word, value]) => !/^\w+$/.test(word) || !Number.isInteger(value) || value < 0)).toEqual([])
    expect(new Set(entries.map(([word]) => word)).size, name).toBe(entries.length)
    expect(entries.length, name).toBeGreaterThan(0)
  }
})

test('every table is used by a declaration', () => {
  const sources = readdirSync(SCHEMA, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const text = sources.map((file) => readFileSync(new URL(file, SCHEMA), 'utf8')).join('')
  expect(Object.keys(TABLES).filter((name) => !text.includes(`'${name}'`))).toEqual([])
})

test('a name that no table has is an error that contains the name', () => {
  expect(() => constants('xatr_flags')).toThrow('no table of constants is named xatr_flags')
})

test('a negative value is stored as the 32 bits that the kernel sees', () => {
  expect(specialDescriptor(AT_FDCWD)).toBe('AT_FDCWD')
  expect(constants('special_descriptors').entries[0]).toEqual(['AT_FDCWD', 0xffffff9c])
})

/** Makes the module of tables from one file with these lines; returns the module's text, or the error. */
function made(...lines: string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-tables-'))
  try {
    const [from, to] = ['src/schema/constants', '.build/js/src/schema/constants'].map((path) => join(dir, path))
    for (const path of [from, to]) mkdirSync(path as string, { recursive: true })
    writeFileSync(join(from as string, 'some.txt'), lines.join('\n'))
    const script = fileURLToPath(`${BUILT}setup/constants.js`)
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: dir, encoding: 'utf8' })
    return status === 0 ? readFileSync(join(to as string, 'tables.js'), 'utf8') : stderr
  } finally {
    rmSync(dir, { recursive: true })
  }
}

test('remarks, comments and empty lines are not part of a table', () => {
  expect(made('# some', '', '[some_flags]', 'A=1', 'B=0x10 # unchecked', '', '# others', '[more]', 'C=-1')).toContain(
    "  some_flags: 'A=1 B=0x10',\n  more: 'C=-1',\n",
  )
})

test('a malformed line stops the build with its place', () => {
  expect(made('[some]', 'A=1', 'B=')).toMatch(/^src\/schema\/constants\/some.txt:3: expected NAME=value/)
  expect(made('A=1')).toMatch(/^src\/schema\/constants\/some.txt:1: expected NAME=value below a \[table\]/)
  expect(made('[some]', 'A=1', '[some]')).toMatch(/some.txt:3: there already is a table named some/)
})
