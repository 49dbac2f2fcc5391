// An addon that does not load: the message of its loader becomes a sentence.
import { expect, test } from 'vitest'
import { whyNotLoaded } from '../../../src/source/addon-file.js'

const said = (message: string, code = 'ERR_DLOPEN_FAILED') => whyNotLoaded(Object.assign(new Error(message), { code }))

test('the message of each loader is recognised', () => {
  expect(said("Cannot find module '/a/ksys.node'\nRequire stack:\n- /a", 'MODULE_NOT_FOUND')).toMatch(
    /^which is missing: build it/,
  )
  expect(said("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /a/ksys.node)")).toMatch(
    /newer C library than this system's \(GLIBC_2\.38\)/,
  )
  expect(said("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /a)")).toMatch(
    /\(GLIBCXX_3\.4\.32\)/,
  )
  expect(said('libelf.so.1: cannot open shared object file: No such file or directory')).toMatch(
    /library libelf\.so\.1,/,
  )
  expect(
    said('Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /a/ksys.node)'),
  ).toMatch(/library ld-linux-x86-64\.so\.2,/)
  expect(said('/a/ksys.node: failed to map segment from shared object')).toMatch(/noexec/)
  expect(said('/a/ksys.node: cannot open shared object file: Permission denied')).toMatch(/not permitted to read/)
  expect(said('/a/ksys.node: invalid ELF header')).toMatch(/damaged/)
  expect(said('something else')).toMatch(/^which cannot be loaded here: build it/)
})
