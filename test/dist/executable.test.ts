// The single executable does the same as a checkout: traces, user-defined chisels, workers, captures, help.
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { mapped, Signalled } from '../helpers/inspector.js'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { BUILT, EXECUTABLE, ksysFile, run } from './built.js'

const dir = BUILT ? scratchDir('executable') : ''
const env = { XDG_CACHE_HOME: dir, TZ: 'UTC' }
const trace = (name: string) => `${root}captures/${name}.ksys`

const SAME: readonly (readonly string[])[] = [
  ['--version'],
  ['--help'],
  ['--help', 'all'],
  ['help', 'filters'],
  ['--man'],
  ['--completion', 'fish'],
  ['-l'],
  ['-cl'],
  ['-r', trace('build')],
  ['-r', trace('web'), '-j', '-p', '%proc.name %fd.name', 'evt.type=accept4'],
  ['-r', trace('web'), '-c', 'httplog'],
  ['-r', trace('build'), '-q', '-S'],
  ['-r', trace('shell'), 'proc.name regex "c.*"'],
  ['info', trace('web')],
  ['-r', trace('shell'), 'no.such.field=1'],
  ['-c', 'nonsense', '-r', trace('shell')],
]

describe.skipIf(!BUILT)('the single executable', () => {
  for (const args of SAME)
    test(`ksys ${args.join(' ').replaceAll(root, '')}`, () => {
      expect(ksysFile(args, { env })).toEqual(ksys([...args], { env: { TZ: 'UTC', COLUMNS: '' } }))
    })

  test('runs a user-defined chisel that imports ksys/chisel', () => {
    const file = join(dir, 'counted.mjs')
    writeFileSync(
      file,
      `import { defineChisel } from 'ksys/chisel'
       export default defineChisel({
         description: 'counts',
         fields: { type: 'evt.type' },
         hooks(c) { let n = 0; return { event() { n++ }, end() { c.print(String(n)) } } },
       })`,
    )
    const ran = ksysFile(['-r', trace('shell'), '-c', file], { env })
    expect(ran).toEqual(ksys(['-r', trace('shell'), '-c', file]))
    expect(ran.code).toBe(0)
  })

  test("as kubectl's plugin, does not take --version for itself", () => {
    const plugin = join(dir, 'kubectl-ksys')
    symlinkSync(EXECUTABLE, plugin)
    expect(run(plugin, ['--version'], { env }).stdout).toContain('kubectl ksys NODE')
  })

  test('ignores NODE_OPTIONS, which is for other programs', () => {
    expect(ksysFile(['--version'], { env: { ...env, NODE_OPTIONS: '--require /nothing' } }).code).toBe(0)
  })

  test.each(['--inspect-port=0', '--inspect=127.0.0.1:0'])(
    "opens Node's inspector for no signal, while its files are unpacked or later; NODE_OPTIONS=%s",
    async (options) => {
      const XDG_CACHE_HOME = join(dir, `empty${options}`)
      for (const _ of ['unpacked', 'found there']) {
        const run = new Signalled(EXECUTABLE, ['-r', '-'], {
          env: { PATH: process.env.PATH, XDG_CACHE_HOME, NODE_OPTIONS: options },
        })
        onTestFinished(() => run.end())
        run.child.stdin?.write(readFileSync(trace('web')))
        expect(await run.usr1Until((pids) => pids.some((p) => mapped(p).includes('ksys.node'))), run.said).toBe(true)
        await run.end()
        expect([...run.ports]).toEqual([])
      }
    },
  )

  test.skipIf(!privileged())('captures', () => {
    const ran = ksysFile(['-p', '%evt.type %proc.name', 'evt.type=execve', '--', '/bin/true'], { env })
    expect(ran).toEqual({ code: 0, stdout: 'execve true\n', stderr: '' })
    const written = join(dir, 'written.ksys')
    expect(ksysFile(['-w', written, '--', '/bin/true'], { env })).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(ksys(['-r', written, '-p', '%proc.name', 'evt.type=execve']).stdout).toBe('true\n')
  })
})
