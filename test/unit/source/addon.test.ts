// An addon that does not load: the message of its loader becomes a sentence.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { whyNotLoaded } from '../../../src/source/addon-file.js'

/** The folder of a build. */
const folder = mkdtempSync(join(tmpdir(), 'ksys-addon-'))
afterAll(() => rmSync(folder, { recursive: true }))

const explained = (message: string, code = 'ERR_DLOPEN_FAILED') =>
  whyNotLoaded(Object.assign(new Error(message), { code }), folder)

test('the message of each loader is recognised', () => {
  expect(explained("Cannot find module '/a/ksys.node'\nRequire stack:\n- /a", 'MODULE_NOT_FOUND')).toMatch(
    /^which is missing: build it/,
  )
  expect(
    explained("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /a/ksys.node)"),
  ).toMatch(/newer C library than this system's \(GLIBC_2\.38\)/)
  expect(explained("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /a)")).toMatch(
    /\(GLIBCXX_3\.4\.32\)/,
  )
  expect(explained('libelf.so.1: cannot open shared object file: No such file or directory')).toMatch(
    /library libelf\.so\.1,/,
  )
  expect(
    explained('Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /a/ksys.node)'),
  ).toMatch(/library ld-linux-x86-64\.so\.2,/)
  expect(explained('/a/ksys.node: failed to map segment from shared object')).toMatch(/noexec/)
  expect(explained('/a/ksys.node: cannot open shared object file: Permission denied')).toMatch(/not permitted to read/)
  expect(explained('/a/ksys.node: invalid ELF header')).toMatch(/damaged/)
  expect(explained('something else')).toMatch(/^which cannot be loaded here: build it/)
})

test('after a set-up that could not build the addon, nobody is told to run the set-up', () => {
  writeFileSync(join(folder, '.started'), '')
  expect(explained("Cannot find module '/a/ksys.node'", 'MODULE_NOT_FOUND')).toBe(
    'which is missing: npm start could not build it, and printed the reason',
  )
  rmSync(join(folder, '.started'))
})
