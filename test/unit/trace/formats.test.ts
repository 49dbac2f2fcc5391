// A file of each version of the format can still be read as when it was written. The folder formats contains them: version-1.ksys and
// version-2.ksys are shell sessions recorded by the first ksys that wrote that version, version-3.ksys is a merge of two hosts by
// the first that merged; the .txt next to each is its printed contents. KSYS_GOLDEN=write rewrites these; review the changes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { NEWEST_VERSION, OLDEST_VERSION } from '../../../src/trace/format.js'
import { ksys, root } from '../../helpers/ksys.js'

const FOLDER = 'test/unit/trace/formats/'
const CHANGES =
  'execve clone vfork write unlink unlinkat rename renameat2 fchmodat symlinkat mkdir pipe2 procexit'.split(' ')
const LINE =
  '*%host.name %evt.num %evt.time %evt.cpu %proc.name (%thread.tid) of %proc.pname: %evt.type %evt.res %evt.latency %fd.name %fs.path.name'

/** The output for a file: lines, counts, tables, and its description. */
const QUESTIONS: readonly (readonly string[])[] = [
  ['-p', LINE, `evt.type in (${CHANGES.join(', ')})`],
  ['-q', '-S'],
  ['-c', 'topprocs_file'],
  ['-c', 'topfiles_bytes'],
  ['-c', 'topprocs_cpu'],
]

const versions = Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, i) => OLDEST_VERSION + i)

test('every version has a file', () => {
  const files = versions.map((version) => `version-${version}.ksys`)
  expect(readdirSync(root + FOLDER).filter((f) => f.endsWith('.ksys'))).toEqual(files)
})

test.each(versions)('a file of version %i is read as before', (version) => {
  const file = `${FOLDER}version-${version}.ksys`
  const run = (args: string[]) => {
    const { code, stdout, stderr } = ksys(args, { env: { TZ: 'UTC' } })
    expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' })
    return stdout
  }
  const info = run(['info', file])
  expect(info).toMatch(new RegExp(`^format +ksys trace ${version}$`, 'm'))
  const shown = [
    `$ ksys info ${file}\n${info}`,
    ...QUESTIONS.map((q) => `$ ksys -r ${file} ${q.join(' ')}\n${run(['-r', file, ...q])}`),
  ].join('\n')
  const known = `${root}${FOLDER}version-${version}.txt`
  if (process.env.KSYS_GOLDEN === 'write') writeFileSync(known, shown)
  expect(shown).toBe(readFileSync(known, 'utf8'))
  // every event, not only those that are shown
  const events = Number(/^events +([\d,]+)/m.exec(info)?.[1]?.replace(/,/g, ''))
  expect(run(['-r', file]).split('\n')).toHaveLength(events + 1)
})
