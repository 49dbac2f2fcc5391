// Help, manual page and completion are generated from the option table, so each names every option.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { completionScript } from '../../../src/cli/completion/print.js'
import { commandHelp, fullHelp, shortHelp } from '../../../src/cli/help/help.js'
import { manPage } from '../../../src/cli/help/man.js'
import { topics } from '../../../src/cli/help/topics.js'
import { PLUGIN } from '../../../src/cli/kubectl/options.js'
import { RECORD } from '../../../src/cli/options/record.js'
import { SUBCOMMANDS } from '../../../src/cli/options/subcommands.js'
import { OPTIONS } from '../../../src/cli/options/table.js'
import { WAIT } from '../../../src/cli/options/wait.js'
import { ksys } from '../../helpers/ksys.js'

const words = {
  fields: ['proc.name', 'evt.type'],
  events: ['openat', 'read'],
  chisels: [
    { word: 'topfiles_bytes', summary: "Files with the most bytes: it's $HOME" },
    { word: 'topfiles_time', summary: 'Files with the most time.' },
    { word: 'topprocs_cpu' },
  ],
  views: [
    { word: 'procs', summary: 'Processes' },
    { word: 'threads', summary: 'Threads' },
  ],
  topics: ['filters', 'metrics', 'traces-and-recorder'],
}
const has = (shell: string) => spawnSync(shell, ['--version']).error === undefined

test('the letters and long names of options are unique', () => {
  const all = OPTIONS.flatMap((o) => [o.long, ...(o.aliases ?? []), ...(o.short ? [o.short] : [])])
  expect(new Set(all).size).toBe(all.length)
})

/** The lines of a help without usage and examples, which are commands and never wrapped. */
const wrappedLines = (help: string) => help.split('\n').filter((line) => !/^ {2}k(sys|ubectl) /.test(line))
const widest = (lines: readonly string[]) => Math.max(...lines.map((line) => line.length))

test('the help names every option, exit code and topic, and does not exceed its width', () => {
  const help = fullHelp(80, topics())
  for (const o of OPTIONS) expect(help).toContain(`--${o.long}`)
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7]) expect(help).toMatch(new RegExp(`^ +${code} +\\S`, 'm'))
  for (const topic of topics()) expect(help).toContain(topic)
  expect(widest(wrappedLines(help))).toBeLessThanOrEqual(80)
})

test('the short help fits on a screen of 80 columns and 50 lines, with twelve options and every command', () => {
  const help = shortHelp(80, topics())
  const lines = help.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(50)
  expect(widest(lines)).toBeLessThanOrEqual(80)
  expect(OPTIONS.filter((o) => o.summary !== undefined)).toHaveLength(12)
  for (const c of SUBCOMMANDS) expect(help).toContain(`  ${c.word} `)
  expect(ksys(['--help', 'all']).stdout).toBe(fullHelp(100, topics()))
  expect(ksys(['help']).stdout).toBe(shortHelp(100, topics()))
})

test('the manual page names every option and closes its sections', () => {
  const man = manPage('1.2.3', topics())
  for (const o of OPTIONS) expect(man.replace(/\\-/g, '-')).toContain(`--${o.long}`)
  expect(man).toMatch(/^\.TH KSYS 1/)
  const seeAlso = man.slice(man.indexOf('.SH SEE ALSO')).replace(/\\-/g, '-')
  for (const topic of topics()) expect(seeAlso).toContain(`ksys help ${topic}\n`)
})

test.each([...SUBCOMMANDS, PLUGIN].map((c) => [c.word, c] as const))(
  'the help of %s fits into 80 columns and ends with the page that explains it',
  (_, c) => {
    const help = commandHelp(c, 80)
    expect(widest(wrappedLines(help))).toBeLessThanOrEqual(80)
    expect(help.trimEnd().split('\n').at(-1)).toBe(`See also: ksys help ${c.topic}`)
    expect(topics()).toContain(c.topic)
  },
)

test('the help of a subcommand and its part of the manual list its own options first, then those that it shares', () => {
  const headings = ['Options', 'What is captured', 'Ceilings', 'Privacy']
  const help = commandHelp(RECORD, 80)
  const man = manPage('1.2.3', topics()).replace(/\\-/g, '-')
  const part = man.slice(man.indexOf('.SS ksys record'), man.indexOf('.SS ksys dump'))
  for (const text of [help, part]) {
    const places = headings.map((heading) => text.search(new RegExp(`^${heading}:$`, 'm')))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    const sections = Object.fromEntries(headings.map((h, i) => [h, text.slice(places[i], places[i + 1])]))
    expect(sections.Options).toMatch(/--last[\s\S]*--trigger[\s\S]*--help/)
    expect(sections['What is captured']).toMatch(/--snaplen[\s\S]*--buffer/)
    expect(sections.Ceilings).toContain('--max-cpu')
    expect(sections.Privacy).toContain('--only-namespace')
    expect(sections.Options).not.toMatch(/--snaplen|--max-cpu|--only-namespace/)
  }
  expect(commandHelp(WAIT, 80)).not.toMatch(/What is captured|Ceilings|Privacy/)
})

test('one or two short sentences explain each option', () => {
  const all = [...OPTIONS, ...[...SUBCOMMANDS, PLUGIN].flatMap((c) => c.options)].map((o) => o.doc)
  const sentences = (doc: string) => doc.split(/(?<=[^.]\.) /).length
  expect(all.filter((doc) => sentences(doc) > 2 || doc.length > 170 || doc.includes(';'))).toEqual([])
  // a phrase alone has no full stop
  expect(all.filter((doc) => /[^.]\.$/.test(doc) !== (sentences(doc) === 2))).toEqual([])
})

test('every subcommand runs, and help, manual and completion list it with its options and exit codes', () => {
  const man = manPage('1.2.3', topics()).replace(/\\-/g, '-')
  for (const c of SUBCOMMANDS) {
    const help = ksys([c.word, '--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    for (const text of [help.stdout, man]) for (const o of c.options) expect(text).toContain(`--${o.long}`)
    for (const code of c.exit) expect(help.stdout).toMatch(new RegExp(`^ +${String(code).replace('+', '\\+')} `, 'm'))
    for (const [line] of c.usage)
      for (const text of [help.stdout, fullHelp(100, topics()), man]) expect(text).toContain(line)
    for (const shell of ['bash', 'zsh', 'fish'] as const) expect(completionScript(shell, words)).toContain(c.word)
  }
})

/** What bash offers in place of `part`, the end of the line that it would replace. The words are split as bash splits them. */
function offered(line: string, part: string, parted: string[]): string[] {
  const file = join(tmpdir(), `ksys-completion-${process.pid}.bash`)
  onTestFinished(() => rmSync(file, { force: true }))
  writeFileSync(file, completionScript('bash', words))
  const run = `. "$0"; before=$COMP_WORDBREAKS; COMP_LINE=$1 COMP_POINT=\${#1} part=$2; shift 2; COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1)); _ksys ksys "$part"; [[ $before == "$COMP_WORDBREAKS" ]] && printf '%s\n' "\${COMPREPLY[@]}"`
  const out = execFileSync('bash', ['-c', run, file, line, part, ...parted]).toString()
  return out.split('\n').filter((l) => l !== '')
}

/** The same for a line of unquoted words without further word breaks. */
const plainly = (...line: string[]) => offered(line.join(' '), line.at(-1) as string, line)

test('the bash script completes options, values, fields, event types and names', () => {
  expect(plainly('ksys', '--summ')).toEqual(['--summary'])
  expect(plainly('ksys', '-t', '')).toEqual(['h', 'a', 'r', 'd', 'D'])
  expect(plainly('ksys', 'proc.')).toEqual(['proc.name'])
  expect(plainly('ksys', '-c', 'topf')).toEqual(['topfiles_bytes', 'topfiles_time'])
  expect(plainly('ksys', '-r', 'x', '-i', 'topp')).toEqual(['topprocs_cpu'])
  expect(plainly('ksys', 'ui', '-v', 'th')).toEqual(['threads'])
  expect(plainly('ksys', 'ui', '--vi')).toEqual(['--view'])
  expect(plainly('ksys', 'info', '--d')).toEqual(['--deep'])
  expect(plainly('ksys', 'inf')).toEqual(['info'])
  expect(plainly('ksys', 'help', 'f')).toEqual(['filters'])
  expect(plainly('ksys', 'help', 'me')).toEqual(['merge', 'metrics'])
  expect(plainly('ksys', 'help', 'filters', '')).toEqual([])
  expect(plainly('ksys', 'rules', '')).toEqual(['explain', 'suggest', 'test'])
  expect(plainly('ksys', 'rules', 'falco')).toEqual([])
  expect(plainly('ksys', 'rules', 'test', '')).toEqual([])
  expect(plainly('ksys', 'chisel', '')).toEqual(['new'])
  expect(plainly('ksys', '-r', '')).toEqual([])
  expect(plainly('ksys', '--', 'cat', '-')).toEqual([])
  for (const before of [['ksys'], ['ksys', 'record', 'proc.name=x']]) {
    expect(plainly(...before, '--', 'mkfif')).toContain('mkfifo')
    expect(plainly(...before, '--', 'cat', '')).toEqual([])
    expect(plainly(...before, 'proc.')).toEqual(['proc.name'])
  }
})

test('the bash script completes after %, = and a quote, and does not change COMP_WORDBREAKS', () => {
  expect(offered('ksys -p %proc.name:%ev', '%ev', ['ksys', '-p', '%proc.name', ':', '%ev'])).toEqual(['%evt.type'])
  const quoted = '%proc.name %ev'
  expect(offered(`ksys -p "${quoted}`, quoted, ['ksys', '-p', `"${quoted}`])).toEqual(['%proc.name %evt.type'])
  expect(offered('ksys evt.type=o', 'o', ['ksys', 'evt.type', '=', 'o'])).toEqual(['openat'])
  expect(plainly('ksys', 'evt.type=o')).toEqual(['evt.type=openat'])
  const filter = 'proc.name=x and evt.type in (read,o'
  expect(offered(`ksys '${filter}`, filter, ['ksys', `'${filter}`])).toEqual([`${filter}penat`])
  expect(offered('ksys --color=al', 'al', ['ksys', '--color', '=', 'al'])).toEqual(['always'])
})

test.skipIf(!has('fish'))('the fish script completes the same words', () => {
  const file = join(tmpdir(), `ksys-completion-${process.pid}.fish`)
  onTestFinished(() => rmSync(file))
  writeFileSync(file, completionScript('fish', words))
  const described = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, line])
      .toString()
      .trimEnd()
      .split('\n')
  const ask = (line: string) => described(line).map((l) => l.split('\t')[0])
  expect(ask('ksys --summar')).toEqual(['--summary'])
  expect(ask('ksys -c topf')).toEqual(['topfiles_bytes', 'topfiles_time'])
  expect(ask('ksys ui -v th')).toEqual(['threads'])
  expect(ask('ksys info --dee')).toEqual(['--deep'])
  expect(ask('ksys help filt')).toEqual(['filters'])
  expect(ask('ksys help filters ')).toEqual([''])
  expect(ask('ksys chisel ')).toEqual(['new'])
  expect(described('ksys rules ')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^explain\tshow a rule/),
      expect.stringMatching(/^suggest\tsuggest exceptions/),
      expect.stringMatching(/^test\tcheck that each capture/),
    ]),
  )
  expect(ask('ksys rules /etc/hostna')).toEqual(['/etc/hostname'])
  expect(ask('ksys rules test /etc/hostna')).toEqual(['/etc/hostname'])
  expect(described('ksys mer')).toEqual(['merge\tjoin captures of several hosts into one'])
  expect(described('ksys -c topf')).toEqual([
    "topfiles_bytes\tFiles with the most bytes: it's $HOME",
    'topfiles_time\tFiles with the most time.',
  ])
  expect(described('ksys ui -v th')).toEqual(['threads\tThreads'])
  expect(ask('ksys -p "%proc.name %ev')).toEqual(['%proc.name %evt.type'])
  expect(ask('ksys evt.type=o')).toEqual(['evt.type=openat'])
  expect(ask('ksys "evt.type in (read,o')).toEqual(['evt.type in (read,openat'])
  for (const before of ['ksys', 'ksys record proc.name=x']) {
    expect(ask(`${before} -- mkfif`)).toContain('mkfifo')
    expect(ask(`${before} -- cat /etc/hostna`)).toEqual(['/etc/hostname'])
    expect(ask(`${before} proc.`)).toContain('proc.name')
  }
  expect(ask('ksys info /etc/hostna')).toEqual(['/etc/hostname'])
  expect(ask('ksys dump /etc/hostna')).toEqual([''])
})

test('fish and zsh show the description of each chisel, as text, and the names of those that cannot be loaded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksys-chisels-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'own.mjs'), `export default { description: "it's\\n$(touch \\x1b)", hooks() {} }`)
  writeFileSync(join(folder, 'broken.mjs'), 'export default {')
  const script = (shell: string) => ksys(['--completion', shell], { env: { KSYS_CHISEL_DIR: folder } }).stdout
  const fish = script('fish')
  expect(fish).toContain("'stacks\tCounts calls by the functions that made them, as folded stacks for flame graphs.'")
  expect(fish).toContain("'own\tit\\'s $(touch \\\\x1b)' ")
  expect(fish).toContain(" 'broken' ")
  expect(script('zsh')).toContain("'own:it'\\''s $(touch \\x1b)' ")
})

test('the zsh and fish scripts name every option, and every topic after help', () => {
  for (const shell of ['zsh', 'fish'] as const) {
    const script = completionScript(shell, words)
    expect(script).toMatch(/help.*all\W+filters\W+traces-and-recorder\W+info/s)
    for (const o of OPTIONS) expect(script).toContain(shell === 'zsh' ? `--${o.long}` : `-l ${o.long}`)
  }
})

test('a recorder ends when its command ends, and reads no file', () => {
  const { stdout } = ksys(['record', '--help'])
  expect(stdout).toMatch(/^ +other +with -- CMD: its own exit code/m)
  expect(stdout).not.toContain('an input file cannot be read')
})
