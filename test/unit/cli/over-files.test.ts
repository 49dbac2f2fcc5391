// An option that controls live captures acts on files, too, or ksys says that it does not: in every command that reads files.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { SUBCOMMANDS } from '../../../src/cli/options/subcommands.js'
import { OPTIONS, type OptionDef } from '../../../src/cli/options/table.js'
import { ksys, root } from '../../helpers/ksys.js'

const dir = mkdtempSync(join(tmpdir(), 'ksys-over-files-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const web = `${root}captures/web.ksys`
const rules = join(dir, 'rules.yaml')
writeFileSync(rules, '- {rule: R, desc: d, condition: evt.type = execve, output: x, priority: Info}\n')
copyFileSync(web, join(dir, 'first.ksys'))
copyFileSync(web, join(dir, 'second.ksys'))

/** A line of each command that reads files. */
const LINES: readonly (readonly [command: string, line: readonly string[]])[] = [
  ['', ['-r', web, '-n', '1']],
  ['rules', ['rules', '-f', rules, '-r', web]],
  ['advise', ['advise', 'seccomp', 'proc.name=curl', '-r', web]],
  ['metrics', ['metrics', '-r', web]],
  ['report', ['report', '-r', web]],
  ['ui', ['ui', '--plain', '-r', web]],
  ['sql', ['sql', 'select 1', '-r', web]],
]

const VALUES: Readonly<Record<string, string>> = {
  snaplen: '100',
  buffer: '64M',
  cri: '/run/none.sock',
  'docker-host': 'unix:///run/none.sock',
  'max-cpu': '5%',
  'max-memory': '400M',
  'max-calls': '100',
  'name-wait': '1s',
  capture: join(dir, 'alert'),
  last: '5s',
  after: '5s',
  'max-files': '2',
  'max-bytes-a-day': '1G',
  interval: '1s',
  listen: '9435',
}

const optionsOf = (command: string): readonly OptionDef[] =>
  command === '' ? OPTIONS : (SUBCOMMANDS.find((c) => c.word === command)?.options ?? [])

/** The option as it is written on a command line. */
function written({ long, value, choices }: OptionDef): string[] {
  if (value === undefined) return [`--${long}`]
  const given = choices?.[0] ?? VALUES[long]
  if (given === undefined) throw new Error(`VALUES has no value for --${long}`)
  return [`--${long}`, given]
}

const LIVE = OPTIONS.filter((o) => o.scope === 'live' || o.scope === 'ceilings').map((o) => o.long)

test('there is a line of each command with -r', () => {
  const reading = SUBCOMMANDS.filter((c) => c.options.some((o) => o.long === 'read')).map((c) => c.word)
  expect(LINES.map(([command]) => command).sort()).toEqual(['', ...reading].sort())
})

describe.each(LINES)('ksys %s over files', (command, line) => {
  const options = optionsOf(command)
  const stated = options.flatMap((def) =>
    def.files === undefined || def.files === 'acts' ? [] : [{ def, files: def.files }],
  )
  const ignored = stated.filter(({ files }) => 'ignored' in files)

  test('each option of live captures states in its declaration what it does', () => {
    const silent = options.filter(
      ({ long, doc, files }) => files === undefined && (LIVE.includes(long) || /\blive capture/.test(doc)),
    )
    expect(silent.map(({ long }) => long)).toEqual([])
  })

  test('a message names the options that have no effect, with the reason', () => {
    const { code, stderr } = ksys([...line, ...ignored.flatMap(({ def }) => written(def))])
    const unnamed = ignored.filter(({ def, files }) => {
      const about = stderr.split('\n').find((l) => new RegExp(`--${def.long}[, ].*no effect on capture files`).test(l))
      return !('ignored' in files && about?.endsWith(`: ${files.ignored}`))
    })
    expect({ code, unnamed: unnamed.map(({ def }) => def.long) }, stderr).toEqual({ code: 0, unnamed: [] })
    expect(ksys([...line]).stderr).not.toContain('no effect')
  })

  test.each(stated.flatMap(({ def, files }) => ('refused' in files ? [[def.long, def, files.refused] as const] : [])))(
    '--%s is refused, with the reason',
    (long, def, reason) => {
      expect(ksys([...line, ...written(def)], { own: false })).toEqual({
        code: 2,
        stdout: '',
        stderr: `ksys: --${long} applies to live captures, not to files: ${reason}\n`,
      })
    },
  )
})

test('ksys rules test reads the captures of its folder: it says so once, or refuses the option', () => {
  const line = ['rules', 'test', dir, '-f', rules]
  const { stderr } = ksys([...line, '--buffer', '64M', '-s', '100'])
  expect(stderr).toBe('ksys: --snaplen, --buffer have no effect on capture files: they contain what was recorded\n')
  expect(ksys([...line, '--max-cpu', '5%'])).toMatchObject({
    code: 2,
    stderr: 'ksys: --max-cpu applies to live captures, not to files: it limits the cost of capturing\n',
  })
})
