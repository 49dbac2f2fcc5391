// ksys ui --plain: a view as text for any reader.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ksys, main } from '../helpers/ksys.js'

const WEB = fileURLToPath(new URL('../../captures/web.ksys', import.meta.url))
const plain = (...words: string[]) => ksys(['ui', '--plain', '--no-config', '-r', WEB, ...words])

test('of a file a view is printed once: a description, titles, rows, and the number of further rows', () => {
  const { stdout, code } = plain('-v', 'files', '--lines', '2', 'proc.name=curl')
  expect(code).toBe(0)
  const lines = stdout.split('\n')
  expect(lines[0]).toBe(`Files  ${WEB}  filter: proc.name=curl`)
  expect(lines[1]).toMatch(/^ *BYTES IN +BYTES OUT +OPS +OPENS +ERRORS FILENAME$/)
  expect(lines.slice(2, 4).every((l) => / \/\S+$/.test(l))).toBe(true)
  expect(lines.slice(4)).toEqual([expect.stringMatching(/^\(\d+ more rows\)$/), ''])
  // no cursor movement, no colours, nothing cut that a user may want to find
  expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]|…/)
})

test('events of a list are one line each, data are masked unless requested', () => {
  const dig = plain('-v', 'dig', '--lines', '3', 'fd.type=ipv4 and evt.is_io=true and evt.buflen>0').stdout.split('\n')
  expect(dig.slice(2, 5).every((l) => /^\d\d:\d\d:\d\d\.\d{9} .*data=\(\d+ bytes masked\)/.test(l))).toBe(true)
  expect(dig[5]).toMatch(/^\(\d+ more events are not shown\)$/)
  expect(plain('-v', 'echo', '--show-data', 'fd.type=ipv4').stdout).toMatch(/^→ .* curl .*\n {2}GET \/ HTTP\/1\.1$/m)
})

test.each(['procs', 'inflight'])('the view %s reports that a file has no pod of the namespace', (view) => {
  const { stderr } = plain('-v', view, '--only-namespace', 'typo')
  expect(stderr).toBe('ksys: nothing was shown: this capture has no pod in the Kubernetes namespace typo\n')
})

test('a filter on the starts of calls shows these, as the command prints them', () => {
  const scap = fileURLToPath(new URL('../golden/captures/sample.scap.gz', import.meta.url))
  const filter = 'evt.dir=> and evt.type=nanosleep'
  const wanted = ksys(['-r', scap, '-p', '%evt.num', filter]).stdout.trim().split('\n').length
  const { stdout } = ksys(['ui', '--plain', '--no-config', '-r', scap, '-v', 'dig', '--lines', '0', filter])
  const rows = stdout.trim().split('\n').slice(2)
  expect(rows).toHaveLength(wanted)
  for (const row of rows) expect(row).toContain(' nanosleep ')
})

test('a tree has each process below its parent, the first rows of it if there are more', () => {
  const BUILD = fileURLToPath(new URL('../../captures/build.ksys', import.meta.url))
  const tree = (...words: string[]) =>
    ksys(['ui', '--plain', '--no-config', '--tree', '-r', BUILD, ...words]).stdout.split('\n')
  const all = tree('--lines', '0')
  const compiler = all.findIndex((l) => /[├└]─ cc -O1/.test(l))
  const indent = (l = '') => l.search(/[├└]─/)
  expect(all[compiler - 1]).toMatch(/[├└]─ make$/)
  expect(indent(all[compiler])).toBeGreaterThan(indent(all[compiler - 1]))
  expect(tree('--lines', '3').slice(0, 6)).toEqual([...all.slice(0, 5), `(${all.length - 6} more rows)`])
})

test.each([
  [['ui', '--plain', '-r', WEB, 'foo.bar=1'], 2, "unknown field 'foo.bar'"],
  [['ui', '--plain', '-r', '/nowhere'], 4, '/nowhere cannot be read'],
  [['ui', '--plain', '--theme', 'dark', '-r', WEB], 2, '--theme cannot be used with --plain'],
  [['ui', '--plain', '--actions', '-r', WEB], 2, '--actions cannot be used with --plain'],
  [['ui', '--plain', '--tree', '-v', 'files', '-r', WEB], 2, 'rows of Files are not processes: remove --tree'],
  [['ui', '--lines', '3', '-r', WEB], 2, '--lines requires --plain'],
])('%j exits with %i', (words, code, told) => {
  const ran = ksys(words)
  expect(ran.code).toBe(code)
  expect(ran.stderr.replace('how many rows', 'what')).toContain(told)
})

test('a reader that closes the pipe ends it quietly', async () => {
  const p = spawn(process.execPath, [main, 'ui', '--plain', '--no-config', '-r', WEB, '-v', 'dig'])
  p.stdout.once('data', () => p.stdout.destroy())
  let errors = ''
  p.stderr.on('data', (d) => {
    errors += d
  })
  const [code] = await once(p, 'exit')
  expect([code, errors]).toEqual([0, ''])
})
