// The captures that ksys includes are undamaged and small.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTrace } from '../../../src/run/file-kinds.js'
import { VERSION } from '../../../src/trace/format.js'
import { ksys, root } from '../../helpers/ksys.js'
import { readAll } from '../../helpers/trace.js'

const names = readdirSync(`${root}captures`).filter((name) => name.endsWith('.ksys'))

test('ksys includes three captures', () => expect(names.sort()).toEqual(['build.ksys', 'shell.ksys', 'web.ksys']))

test.each(names)('%s is read without damage, and contains nothing about the recording machine', async (name) => {
  const path = `${root}captures/${name}`
  expect(statSync(path).size).toBeLessThan(300_000)
  const source = await openTrace(path)
  const rows = await readAll(source)
  expect(rows.length).toBeGreaterThan(1000)
  expect(source.damage).toEqual([])
  expect(source.version).toBe(String(VERSION))
  expect(source.info).toMatchObject({ hostname: 'demo', kernel: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  expect(source.info.addresses.every((address) => ['127.0.0.1', '::1'].includes(address))).toBe(true)
  const { threads } = await source.snapshot()
  expect([...threads].flatMap((t) => t.env)).toEqual([])
  await source.close()
})

test.each(names)('%s has the CPU times of its processes, and an overview at its end', (name) => {
  const path = `${root}captures/${name}`
  const cpu = ksys(['-r', path, '-j', '-c', 'topprocs_cpu']).stdout
  const used = (JSON.parse(cpu).data as [string, number, number][]).filter(([, , time]) => time > 0)
  expect(used.length).toBeGreaterThan(3)
  expect(ksys(['info', '-j', path]).stdout).toContain('"checked":"checksums"')
  expect(ksys(['-r', path, '-n', '1', '-p', '%evt.reltime.s']).stdout).toBe('0\n')
})

test.each(names)('%s contains neither the kernel’s builder nor names that the machine resolves', (name) => {
  const { stdout } = ksys([
    '-r',
    `${root}captures/${name}`,
    '-p',
    '%evt.args',
    'evt.type = uname or fd.name = /etc/resolv.conf',
  ])
  expect(stdout).not.toMatch(/release="[^"]*-|nameserver (?!127\.0\.0\.1)/)
})

test('a file with one capture appended to another is read to its end, whatever the query', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-captures-'))
  const path = join(dir, 'both.ksys')
  const files = ['web', 'web'].map((name) => `${root}captures/${name}.ksys`)
  writeFileSync(path, Buffer.concat(files.map((f) => readFileSync(f))))
  const rows = async (file: string) => {
    const source = await openTrace(file, { relevant: () => ({ blocks: () => true }) })
    const n = (await readAll(source)).length
    await source.close()
    return n
  }
  expect(await rows(path)).toBe(2 * (await rows(files[0] as string)))
  rmSync(dir, { recursive: true })
})
