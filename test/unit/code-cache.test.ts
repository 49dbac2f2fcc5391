// Joined scripts are loaded with the code that V8 compiled of them, and without it wherever it is not to be had.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadScript, writeCompiledCode } from '../../src/code-cache.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksys-scripts-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function script(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test('the compiled code of a script and of those that it requires is for one version of Node', () => {
  script('b.cjs', 'exports.b = 2')
  expect(loadScript(script('a.cjs', "exports.a = require('./b.cjs').b"))).toEqual({ a: 2 })
  writeCompiledCode()
  const { version } = process
  expect(readdirSync(folder).sort()).toEqual(['a.cjs', `a.cjs.${version}.cache`, 'b.cjs', `b.cjs.${version}.cache`])
})

test('a script is compiled if its compiled code is damaged', () => {
  const file = script('c.cjs', 'exports.a = [1, 2, 3].map((n) => n + 1)')
  loadScript(file)
  writeCompiledCode()
  const copy = join(folder, 'copy.cjs')
  copyFileSync(file, copy)
  const stored = readFileSync(`${file}.${process.version}.cache`)
  // its header, which V8 tests, is whole
  writeFileSync(`${copy}.${process.version}.cache`, stored.fill(0x55, stored.length / 2))
  expect(loadScript(copy)).toEqual({ a: [2, 3, 4] })
})

test('a script is compiled if its compiled code cannot be read, or is none', () => {
  for (const [name, make] of [
    ['folder', (cache: string) => mkdirSync(cache)],
    ['text', (cache: string) => writeFileSync(cache, 'none')],
  ] as const) {
    const file = script(`${name}.cjs`, 'exports.a = 1')
    make(`${file}.${process.version}.cache`)
    expect(loadScript(file), name).toEqual({ a: 1 })
  }
})

test('a script whose requirement cannot be loaded is whole once it can', () => {
  const file = script('early.cjs', "exports.b = require('./late.cjs').b")
  expect(() => loadScript(file)).toThrow(/ENOENT/)
  script('late.cjs', 'exports.b = 2')
  expect(loadScript(file)).toEqual({ b: 2 })
})
