// The file of `ksys record --config`, and what changes when it is reloaded.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseRecorder } from '../../../src/cli/record/config.js'
import { ksys } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('record-config')

function config(text: string, name = 'record.conf'): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

test('a line is an option as on the command line, its value the rest of the line; other lines are the filter', () => {
  const path = config(`# what is kept
--last 60s
  --last=16M
--trigger evt.type=procexit and evt.arg.ret != 0
-s 200
--no-buffers

proc.name = nginx
and fd.name != "/a b"\r
`)
  const { options, filter } = parseRecorder(['--config', path, '-w', 'x/'])
  expect(options).toMatchObject({
    last: [{ time: 60e9 }, { bytes: 16 << 20 }],
    trigger: 'evt.type=procexit and evt.arg.ret != 0',
    snaplen: 200,
    buffers: false,
    write: 'x/',
  })
  expect(filter).toBe('proc.name = nginx and fd.name != "/a b"')
})

test('the command line takes precedence, for the filter too', () => {
  const path = config('--last 60s\n--after 5s\nproc.name=a\n')
  const { options, filter } = parseRecorder(['--config', path, '--after', '1s', 'proc.name=b'])
  expect(options).toMatchObject({ last: [{ time: 60e9 }], after: 1e9 })
  expect(filter).toBe('proc.name=b')
})

test('quotes around a whole value are removed, as in a shell', () => {
  const path = config(`--trigger "evt.failed=true"\n--redact '/x y'\n--write "a" and "b"\n`)
  expect(parseRecorder(['--config', path]).options).toMatchObject({
    trigger: 'evt.failed=true',
    redact: '/x y',
    write: '"a" and "b"',
  })
})

describe('an error is reported with its line', () => {
  test.each([
    ['--last 60s\n--lasst 5s\n', /record\.conf:2: unknown option '--lasst'/],
    ['--last much\n', /record\.conf:1: .*a time such as 60s/],
    ['--last\n', /record\.conf:1: .*argument missing/],
    ['\n\n--enter yes\n', /record\.conf:3: unexpected argument 'yes': --enter takes no value/],
    ['--config other\n', /record\.conf:1: --config is valid on the command line only/],
    ['--help\n', /record\.conf:1: --help is valid on the command line only/],
  ])('%j', (text, sentence) => {
    const r = ksys(['record', '--config', config(text), '-w', 'x.ksys'])
    expect(r.stderr).toMatch(sentence)
    expect(r.code).toBe(2)
  })

  test('a missing file is an error', () => {
    const r = ksys(['record', '--config', '/nonexistent', '-w', 'x.ksys'])
    expect(r.stderr).toBe('ksys: cannot read --config /nonexistent: no such file\n')
    expect(r.code).toBe(2)
  })
})
