// Joined scripts are loaded with the code that V8 compiled of them, and without it wherever it is not to be had.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadScript, writeCompiledCode } from '../../src/code-cache.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksys-scripts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

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
  const file = script('a.cjs', "exports.b = require('./b.cjs').b")
  expect(() => loadScript(file)).toThrow(/ENOENT/)
  script('b.cjs', 'exports.b = 2')
  expect(loadScript(file)).toEqual({ b: 2 })
})
