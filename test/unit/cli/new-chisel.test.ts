// ksys chisel new: where the example is written, that it runs and is typed, and that nothing is overwritten.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('new-chisel')
const env = { XDG_CONFIG_HOME: dir, HOME: dir }
const folder = join(dir, 'ksys/chisels')
const chisel = (...args: string[]) => ksys(['chisel', ...args], { env })

test('an example is written where -c finds it, runs, and is not overwritten', () => {
  const file = join(folder, 'slow.mjs')
  const run = chisel('new', 'slow.mjs')
  expect(run).toEqual({ code: 0, stderr: '', stdout: `${file}\nRun it with: ksys -c slow\n` })
  expect(statSync(file).mode & 0o777).toBe(0o644)
  const shown = ksys(['-r', join(root, 'captures/shell.ksys'), '-c', 'slow', '5'], { env })
  expect(shown.stderr).toBe('')
  expect(shown.stdout).toMatch(/^TIME +PID +NAME +TOOK +CALL\n(\S+ +\d+ +\S+ +\S+ +\w+\n)+$/)
  const none = ksys(['-r', join(root, 'captures/shell.ksys'), '-j', '-c', 'slow', '99999'], { env })
  expect([none.stdout, none.stderr]).toEqual(['', 'ksys: no call took 99999 ms\n'])
  writeFileSync(file, 'mine')
  expect(chisel('new', 'slow')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `ksys: a chisel slow exists already: ${file}\n`,
  })
  expect(readFileSync(file, 'utf8')).toBe('mine')
})

test('the example has the types of its declarations', () => {
  const file = join(dir, 'typed.ts')
  expect(chisel('new', file).code).toBe(0)
  // a chisel gets the events that have any of the fields that it names
  writeFileSync(join(dir, 'wrong.ts'), readFileSync(file, 'utf8').replace("'evt.latency' }", "'evt.latenzy' }"))
  const config = (name: string) => {
    const options = {
      ...{ strict: true, noEmit: true, target: 'es2023', module: 'nodenext', skipLibCheck: true, types: [] },
      paths: { 'ksys/chisel': [join(root, '.build/js/src/chisel/index.d.ts')] },
    }
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: [join(dir, name)] }))
  }
  const tsc = () =>
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', dir], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  config('typed.ts')
  expect(tsc()).toBe('')
  config('wrong.ts')
  expect(tsc).toThrow()
})

test('names of built-in chisels, existing paths and invalid names are refused', () => {
  expect(chisel('new', 'topconns').stderr).toMatch(/^ksys: topconns is a built-in chisel, /)
  const taken = join(dir, 'taken.mjs')
  writeFileSync(taken, '')
  expect(chisel('new', taken)).toMatchObject({
    code: 2,
    stderr: `ksys: ${taken} already exists and was not changed\n`,
  })
  for (const words of [['new'], [], ['old', 'x'], ['new', 'a b'], ['new', '../..'], ['new', 'x', 'y']])
    expect(chisel(...words), words.join(' ')).toMatchObject({ code: 2, stdout: '' })
  mkdirSync(join(dir, 'file'), { recursive: true })
  writeFileSync(join(dir, 'file/ksys'), '')
  const blocked = ksys(['chisel', 'new', 'x'], { env: { ...env, XDG_CONFIG_HOME: join(dir, 'file') } })
  expect(blocked.code).toBe(6)
  expect(existsSync(join(dir, 'file/ksys/chisels'))).toBe(false)
})
