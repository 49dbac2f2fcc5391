// Chisels that write a file: obstacles are reported before anything is read.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { writeSaved } from '../../../src/cli/chisels/saved.js'
import type { Settings } from '../../../src/cli/options/settings.js'
import { ksys, main, root } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'

const trace = join(root, 'captures/web.ksys')
const dir = scratchDir('saving')
const out = join(dir, 'out.ksys')

test.each([
  [['-c', 'around', out, 'evt.type=execve'], 'the chisel around requires a capture file: ksys -r FILE -c around'],
  [['-r', trace, '-c', 'around', out], 'the chisel around requires a filter after its arguments'],
  [['-r', trace, '-c', 'around', trace, 'evt.type=execve'], 'would overwrite the file that is read'],
  [['-r', '-', '-c', 'spy_logs', out], 'reads its input twice, which is not possible for standard input: name a file'],
])('%j is refused', (args, why) => {
  const ran = ksys(args)
  expect([ran.code, ran.stdout]).toEqual([2, ''])
  expect(ran.stderr).toContain(why)
  expect(existsSync(out)).toBe(false)
})

test('without events a message is printed, and no file is created', () => {
  const ran = ksys(['-r', trace, '-c', 'around', out, 'proc.name=nobody'])
  expect([ran.code, ran.stdout, existsSync(out)]).toEqual([0, '', false])
  expect(ran.stderr).toContain(`no event matched: ${out} is not written`)
})

test('udp_extract writes the data of each UDP socket to files in its folder, and never through a link', () => {
  const capture = join(dir, 'curl.scap')
  writeFileSync(capture, gunzipSync(readFileSync(join(root, 'test/golden/captures/curl_google.scap.gz'))))
  const extract = () =>
    spawnSync(process.execPath, [main, '-r', capture, '-c', 'udp_extract'], { cwd: dir, encoding: 'utf8' })
  const folder = join(dir, 'udp_dump_files')
  const name = '2600_1f18_262c_6542_9aa6_df7a_9a47_d29e_40251--2001_4860_4860__8888_53'
  for (let again = 0; again < 2; again++) {
    expect(extract().stdout).toBe(`92B        udp_dump_files/${name}\n`)
    const data = readFileSync(join(folder, name))
    expect([readdirSync(folder), data.length, data.includes('google')]).toEqual([[name], 92, true])
  }
  const other = join(dir, 'other')
  writeFileSync(other, 'kept')
  rmSync(join(folder, name))
  symlinkSync(other, join(folder, name))
  expect(extract().stderr).toContain('stopped writing data: ELOOP')
  expect(readFileSync(other, 'utf8')).toBe('kept')
})

test('a run whose file could not be completed exits with the code for write errors, and writes no other file', async () => {
  const both = ['one', 'two'].map((file) => ({ file, filter: 'evt.num>0' }))
  const written: (string | undefined)[] = []
  const saved = (code: number, ends: number) =>
    writeSaved(both, code, {} as Settings, async ({ write }) => {
      written.push(write)
      return ends
    })
  expect(await saved(0, 0)).toBe(0)
  // the input was damaged, and its readable part is written
  expect(await saved(5, 0)).toBe(5)
  expect(written).toEqual(['one', 'two', 'one', 'two'])
  expect(await saved(0, 130)).toBe(130)
  expect(await saved(130, 0)).toBe(130)
  expect(written.slice(4)).toEqual(['one'])
})
