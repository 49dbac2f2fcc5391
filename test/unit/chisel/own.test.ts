// User-defined chisels: where they are found, what they may import, and how failures are reported.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const trace = join(root, 'captures/web.ksys')
const dir = scratchDir('chisels')
const home = join(dir, 'config')
mkdirSync(join(home, 'ksys/chisels'), { recursive: true })
const more = join(dir, 'more')
mkdirSync(more)
const env = { XDG_CONFIG_HOME: home, KSYS_CHISEL_DIR: more }

const HEAD = "import { defineChisel } from 'ksys/chisel'\n"
writeFileSync(
  join(home, 'ksys/chisels/names.js'),
  `${HEAD}export default defineChisel({
  description: 'Names of processes, once each.',
  category: 'Misc',
  fields: { name: 'proc.name' },
  hooks(c) {
    const seen = new Set()
    return { event(v) { seen.add(v.name) }, end() { c.print([...seen].sort().join(' ')) } }
  },
})
`,
)
writeFileSync(
  join(more, 'breaks.mjs'),
  `${HEAD}export default defineChisel({
  description: 'Fails at the third event.',
  category: 'Misc',
  fields: { name: 'proc.name' },
  hooks() {
    let n = 0
    return {
      event(v) {
        if (++n === 3) throw new Error('out of \\x1b[31mluck')
      },
    }
  },
})
`,
)
writeFileSync(join(more, 'nothing.js'), 'export const x = 1\n')
writeFileSync(join(more, 'topscalls.js'), "throw new Error('never')\n")

test('are found by name in the configuration folder and in KSYS_CHISEL_DIR, and by a path', () => {
  const byName = ksys(['-r', trace, '-c', 'names'], { env })
  expect(byName.stdout.trim().split(' ').length).toBeGreaterThan(2)
  const byPath = ksys(['-r', trace, '-c', join(home, 'ksys/chisels/names.js')])
  expect(byPath.stdout).toBe(byName.stdout)
  expect(ksys(['-cl'], { env }).stdout).toMatch(/^breaks +Fails at the third event\./m)
  expect(ksys(['-i', 'names.js'], { env }).stdout).toContain('Names of processes')
})

test('do not replace those of ksys', () => {
  expect(ksys(['-r', trace, '-c', 'topscalls'], { env }).stdout).toMatch(/^# Calls +Syscall/)
})

test('are not searched in the current directory', () => {
  const found = ksys(['-r', trace, '-c', 'nothing'], { env: { XDG_CONFIG_HOME: dir } })
  expect([found.code, found.stderr]).toEqual([2, "ksys: no chisel 'nothing'; ksys -cl lists all chisels\n"])
})

test('that fail are stopped with file and line, and the others continue', () => {
  const ran = ksys(['-r', trace, '-c', 'breaks', '-c', 'names'], { env })
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain(
    `chisel breaks failed and was stopped: out of \\x1b[31mluck (${join(more, 'breaks.mjs')}:10)`,
  )
  expect(ran.stdout.trim().split(' ').length).toBeGreaterThan(2)
})

test('with a syntax error or an unknown import are reported with file and line', () => {
  const errorOf = (name: string, text: string) => {
    const file = join(dir, name)
    writeFileSync(file, text)
    const { status, stderr } = spawnSync(process.execPath, [main, '-i', file], { encoding: 'utf8' })
    expect(status).toBe(2)
    return stderr.replaceAll(file, name)
  }
  expect(errorOf('broken.mjs', `${HEAD}\nexport default defineChisel({ description: 'x' y })\n`)).toBe(
    "ksys: cannot load chisel broken: Unexpected identifier 'y' (broken.mjs:3)\n",
  )
  expect(errorOf('half.mjs', `${HEAD}const half = {\n`)).toContain('Unexpected end of input (half.mjs:3)')
  expect(errorOf('broken.js', `${HEAD}const half = {\n`)).toContain('Unexpected end of input (broken.js:3)')
  writeFileSync(join(dir, 'helper.mjs'), 'let y = ;\n')
  expect(errorOf('imports.mjs', "\nimport './helper.mjs'\n")).toContain('(a module that imports.mjs imports)')
  expect(errorOf('unknown.mjs', "\nimport { nosuch } from 'ksys/chisel'\n")).toContain('(unknown.mjs:2)')
})

test('found by a path have the path in their usage and in errors', () => {
  const file = join(dir, 'writers.mjs')
  writeFileSync(
    file,
    `${HEAD}export default defineChisel({
  description: 'Writers.',
  args: { folder: { type: 'string', doc: 'the folder' } },
  hooks: () => ({}),
})
`,
  )
  expect(ksys(['-i', file]).stdout).toContain(`  ksys -c ${file} folder [FILTER]\n`)
  expect(ksys(['-r', trace, '-c', file]).stderr).toContain(`requires folder (the folder): ksys -c ${file} folder\n`)
  expect(ksys(['-i', 'fileslower.js']).stdout).toContain('  ksys -c fileslower min_ms')
})

test('that are invalid are reported', () => {
  const ran = ksys(['-r', trace, '-c', 'nothing'], { env })
  expect([ran.code, ran.stderr]).toEqual([
    2,
    `ksys: ${join(more, 'nothing.js')} is not a chisel: export default defineChisel({ ... }) is missing\n`,
  ])
})

const withFaults = (name: string, text: string): string => {
  const file = join(dir, name)
  writeFileSync(file, `${HEAD}${text}`)
  const ran = ksys(['-r', trace, '-c', file])
  expect([ran.code, ran.stdout]).toEqual([2, ''])
  return ran.stderr.replaceAll(file, name)
}

test('with several faults are reported with all of them, and with one fault in a sentence', () => {
  const table = `export default defineChisel({
  description: 'Many faults.',
  fields: { user: 'user.nam', ok: 'proc.name' },
  filter: 'evt.typ=open',
  table: {
    keys: ['proc.nam', 'proc.pid'],
    columns: [{ field: 'fd.name', title: 'X', agg: 'sum' }, { field: 'proc.nam', title: 'Y' }],
    filter: 'evt.type=open and',
  },
})
`
  const errors = withFaults('many.mjs', table)
  expect(errors).toMatch(/^ksys: chisel many: 5 errors\n- /)
  for (const fault of ['user.nam', 'evt.typ', 'proc.nam', 'sum requires numbers, but fd.name', 'evt.type=open and'])
    expect(errors).toContain(fault)
  expect(errors.match(/^- /gm)).toHaveLength(5)
  const one = withFaults(
    'one.mjs',
    table.replace(/nam'/g, "name'").replace('evt.typ=', 'evt.type=').replace(" and'", "'"),
  )
  expect(one).toMatch(/^ksys: chisel one: filter: sum requires numbers/)
})

test('that lack several parts are reported with all of them, and with the faults of the other parts', () => {
  const errors = withFaults(
    'lacks.mjs',
    "export default defineChisel({ hooks: 1, args: { n: { type: 'number' } }, fields: { user: 'user.nam' }, table: { keys: [] } })\n",
  )
  expect(errors.split('\n').filter((line) => /^(ksys|-) ?/.test(line))).toEqual([
    'ksys: lacks.mjs is not a chisel: 6 errors',
    '- the description is missing',
    '- hooks is not a function',
    '- args.n: type must be one of string, int, field, filter',
    '- filter: unknown field "user.nam"; ksys -l lists all fields',
    '- table.keys is not a list with entries',
    '- table.columns is not a list with entries',
  ])
})

test('whose keys or columns are no fields are reported with the place of each', () => {
  const errors = withFaults(
    'entries.mjs',
    "export default defineChisel({ description: 'x', table: { keys: ['proc.name', 5], columns: ['proc.name', null, { title: 'x' }], groupBy: [{}] } })\n",
  )
  expect(errors.split('\n').filter((line) => line.startsWith('- '))).toEqual([
    '- table.keys[1] is not the name of a field in quotes',
    ...[0, 1, 2].map((i) =>
      expect.stringMatching(`^- table\\.columns\\[${i}\\] is not an object with a field, such as `),
    ),
    '- table.groupBy[0] is not the name of a field in quotes',
  ])
})

test('that other users can change are not run', () => {
  const open = join(dir, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  writeFileSync(join(open, 'evil.js'), "console.log('ran')\n")
  const ran = ksys(['-r', trace, '-c', join(open, 'evil.js')])
  expect(ran.code).toBe(2)
  expect(ran.stdout).toBe('')
  expect(ran.stderr).toContain('is not run: anyone can replace files in')
})

test('with a misspelled name get a suggestion', () => {
  expect(ksys(['-r', trace, '-c', 'topproc_net']).stderr).toContain('did you mean topprocs_net?')
})

test('as ported in chisels/README.md, run as shown there', () => {
  const [, text = ''] =
    /```js\n([^`]*(?:`[^`]+`[^`]*)*?)```/.exec(readFileSync(join(root, 'chisels/README.md'), 'utf8')) ?? []
  const file = join(dir, 'ported.mjs')
  writeFileSync(file, text)
  const ran = ksys(['-r', join(root, 'captures/build.ksys'), '-c', file, '0'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(ran.stdout).toMatch(/^TIME +PROCESS +CALL +TOOK +FILE\n(\S+ +\S+ +\w+ +\S+ +\/.*\n)+$/)
})
