// ksys sql: queries over captures and Parquet files, and the errors.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { csvPrinter, tablePrinter } from '../../../src/cli/sql/answer.js'
import { csvObjects } from '../../helpers/csv.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const web = `${root}captures/web.ksys`
const shell = `${root}captures/shell.ksys`
/** The folder of the command's temporary files. */
const TMP = path('tmp')
const sql = (...args: string[]) => ksys(['sql', ...args], { env: { TMPDIR: TMP } })
const COUNT = 'select count(*) as n from events'
const events = (file: string) => csvObjects(ksys(['-r', file, '--to', 'csv', '-p', '%evt.num']).stdout).length

beforeAll(() => {
  mkdirSync(TMP)
  ksys(['-r', web, '-w', path('web.parquet')])
})

describe('answers', () => {
  test.each([
    ['a capture', () => ['-r', web], () => events(web)],
    ['a Parquet file, whatever its name is', () => ['-r', copied()], () => events(web)],
    ['several, of both kinds', () => ['-r', path('web.parquet'), '-r', shell], () => events(web) + events(shell)],
    ['a folder with its folders', () => ['-r', partitioned()], () => events(web) + events(shell)],
  ])('%s', (_, args, wanted) => {
    const { stdout, stderr, code } = sql(COUNT, '-j', ...args())
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({ n: wanted() })
    expect(readdirSync(TMP)).toEqual([])
  })

  function copied(): string {
    const odd = path("it's [a]*?.data")
    writeFileSync(odd, readFileSync(path('web.parquet')))
    return odd
  }

  function partitioned(): string {
    ksys(['merge', web, shell, '-w', path('both.ksys')])
    ksys(['-r', path('both.ksys'), '--to', 'parquet', '--partition', 'host,hour', '-w', path('parts')])
    return path('parts')
  }
})

test('folders of hosts and hours are columns', () => {
  const { stdout } = sql('select host, hour, count(*) as n from events group by all order by all', '-r', path('parts'))
  expect(csvObjects(stdout)).toEqual([
    { host: 'demo', hour: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d$/), n: `${events(web)}` },
    { host: 'demo-2', hour: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d$/), n: `${events(shell)}` },
  ])
})

test('values are exact: numbers, times in UTC, maps, absent values', () => {
  const query = `select 9007199254740993::bigint as big, evt_time, null as nothing, '' as empty, [1, 2] as list,
    map {'a': 'b'} as pairs, {'x': 1} as struct, 1.50::decimal(4, 2) as price, 'infinity'::double as most,
    'a' || chr(27) || '"' as odd from events limit 1`
  const json = sql(query, '-j', '-r', path('web.parquet')).stdout
  expect(json).toContain('"big":9007199254740993,')
  expect(JSON.parse(json)).toMatchObject({
    evt_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    nothing: null,
    empty: '',
    list: [1, 2],
    pairs: { a: 'b' },
    struct: { x: 1 },
    price: '1.50',
    most: 'Infinity',
    odd: 'a\x1b"',
  })
  expect(json).not.toContain('\x1b')
  const [row] = csvObjects(sql(query, '-r', path('web.parquet')).stdout)
  expect(row).toMatchObject({ big: '9007199254740993', nothing: null, empty: '', pairs: '{"a":"b"}', odd: 'a\\x1b"' })
})

test('a syntax error is shown with its position, before anything is read', () => {
  const slip = sql('selec 1', '-r', web)
  expect(slip.code).toBe(2)
  expect(slip.stderr).toMatch(/^ksys: DuckDB: Parser Error: syntax error at or near "selec"\n\nLINE 1: selec 1\n/)
  const column = sql('select nme from events', '-r', path('web.parquet'))
  expect(column.code).toBe(2)
  expect(column.stderr).toMatch(/Binder Error: Referenced column "nme" not found/)
})

test('missing arguments and files are reported in a sentence', () => {
  expect(sql('select 1')).toMatchObject({ code: 2, stderr: expect.stringMatching(/no input: name captures/) })
  expect(sql('select', '1', '-r', web)).toMatchObject({ code: 2, stderr: expect.stringMatching(/in quotes/) })
  expect(sql('select 1', '-r', path('nosuch'))).toMatchObject({
    code: 4,
    stderr: `ksys: ${path('nosuch')} cannot be read: there is no such file\n`,
  })
  // a checkout has DuckDB: this makes it unavailable
  const hide = path('hide.cjs')
  writeFileSync(
    hide,
    `const m = require('node:module'); const find = m._resolveFilename
m._resolveFilename = function (name, ...more) {
  return find.call(this, name.startsWith('@duckdb/') ? name + '-hidden' : name, ...more)
}`,
  )
  const without = ksys(['sql', COUNT, '-r', web], { env: { NODE_OPTIONS: `--require ${hide}` } })
  expect(without).toMatchObject({ code: 3, stdout: '' })
  expect(without.stderr).toMatch(/ksys sql requires DuckDB: npm install -g @duckdb\/node-api/)
  expect(readdirSync(TMP)).toEqual([])
})

test('captures are queried with privacy options, which are refused for Parquet files', () => {
  const rules = path('rules')
  writeFileSync(rules, 'proc.name hash\n')
  const question = 'select distinct proc_name from events order by all'
  const { stdout } = sql(question, '-r', web, '-r', web, '--redact', rules)
  expect(stdout).toMatch(/^proc_name\r\n(#[0-9a-f]{12}\r\n)+$/)
  expect(stdout.split('\n')).toHaveLength(sql(question, '-r', web).stdout.split('\n').length)
  expect(sql(question, '-r', path('web.parquet'), '--no-args')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/privacy options apply to captures only, and \S*web\.parquet is Parquet/),
  })
})

test('the readable part of a damaged capture is queried, and the exit code is 5', () => {
  const bytes = readFileSync(web)
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 2000)
  writeFileSync(path('hurt.ksys'), bytes)
  const { code, stdout, stderr } = sql(COUNT, '-j', '-r', path('hurt.ksys'))
  expect(code).toBe(5)
  expect(stderr).toMatch(/is damaged at byte/)
  expect(JSON.parse(stdout).n).toBeGreaterThan(0)
})

test('Ctrl-C ends a long query, and leaves nothing behind', async () => {
  const long = 'select 1 as n union all select count(*) from range(100000000000) a, events where a.range % 7 = 3'
  const child = spawn(process.execPath, [main, 'sql', `${long}`, '-r', path('web.parquet')], {
    env: { ...process.env, TMPDIR: TMP },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  while (readdirSync(TMP).length === 0) await new Promise((done) => setTimeout(done, 5))
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([130, null])
  expect(readdirSync(TMP)).toEqual([])
})

test('a reader that closes the pipe ends the query quietly', () => {
  const ran = spawnSync('sh', [
    '-c',
    '"$@" | head -n 1 >/dev/null',
    'sh',
    process.execPath,
    main,
    'sql',
    'select * from events',
    '-r',
    path('web.parquet'),
  ])
  expect([ran.status, String(ran.stderr)]).toEqual([0, ''])
})

describe('table output', () => {
  const names = ['name', 'n']
  test('has columns as wide as their cells, numbers right-aligned', () => {
    const table = tablePrinter(names, 80)
    expect(
      table.rows([
        ['sh', 5n],
        ['python3', 1234n],
        [null, null],
      ]) + table.end(),
    ).toBe(
      ['name        n', '-------  ----', 'sh          5', 'python3  1234', 'NULL     NULL', '3 rows', ''].join('\n'),
    )
  })

  test('has names and values below each other if the terminal is too narrow', () => {
    const table = tablePrinter(names, 10)
    expect(table.rows([['python3', 1234n]]) + table.end()).toBe('-- row 1\nname  python3\nn     1234\n1 row\n')
  })

  test('escapes control characters', () => {
    const table = tablePrinter(['a\x1b'], 80)
    const text = table.rows([['\x1b[2J\n']]) + table.end()
    expect(text).toContain('\\x1b[2J\\n')
    expect(text).not.toContain('\x1b')
  })

  test('has its header even without rows', () => {
    expect(tablePrinter(['n'], 80).end()).toBe('n\n-\n0 rows\n')
    expect(csvPrinter(['n', 'm']).end()).toBe('n,m\r\n')
  })
})
