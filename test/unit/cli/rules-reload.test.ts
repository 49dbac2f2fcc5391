// Reloading rules: when, which files are read, what is reported, and whether the current capture is sufficient for them.
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as loopTurn, setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { RULES } from '../../../src/cli/options/rules.js'
import { parseSubcommand } from '../../../src/cli/options/subcommand.js'
import { FilesWatch } from '../../../src/cli/rules/files-watch.js'
import { WrongRules } from '../../../src/cli/rules/loading.js'
import { isCovered, prepare } from '../../../src/cli/rules/prepared.js'
import { changedAtStart, difference } from '../../../src/cli/rules/reloads.js'
import { RulesFiles } from '../../../src/cli/rules/rules-files.js'
import { RulesRun } from '../../../src/cli/rules/rules-run.js'
import { rulesSettings } from '../../../src/cli/rules/settings.js'
import type { Outputs } from '../../../src/rules/outputs/outputs.js'
import { CaptureRun } from '../../../src/run/capture-run.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { scratchDir } from '../../helpers/live.js'
import { ruleOf } from '../../helpers/rules.js'
import { INFO } from '../../helpers/trace.js'

const dir = scratchDir('reload')
const rule = (name: string, condition = 'evt.type = openat') =>
  `- rule: ${name}\n  desc: x\n  condition: ${condition}\n  output: x\n  priority: NOTICE\n`
function file(name: string, text: string): string {
  const path = join(dir, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}
function filesOf(...args: string[]): RulesFiles {
  const { options, words } = parseSubcommand(RULES, args)
  return new RulesFiles(options, words, rulesSettings(options, words))
}
const names = (files: RulesFiles) => files.reread().rules.map((r) => r.name)

test('files are reloaded with their current contents, those of a falco.yaml too', () => {
  const a = file('a.yaml', rule('A'))
  const config = file('falco.yaml', `rules_files: [${a}]\n`)
  const files = filesOf('-c', config)
  expect(files.changed()).toBe(false)
  writeFileSync(a, rule('B'))
  expect(files.changed()).toBe(true)
  expect(names(files)).toEqual(['B'])
  expect(files.changed()).toBe(false)
  const c = file('c.yaml', rule('C'))
  writeFileSync(config, `rules_files: [${a}, ${c}]\npriority: warning\n`)
  expect(files.changed()).toBe(true)
  expect(names(files)).toEqual([])
  expect(files.paths).toEqual([config, a, c])
})

test('files that are invalid or missing are an error; once valid again, they are loaded', () => {
  const a = file('wrong.yaml', rule('A'))
  const files = filesOf(a)
  writeFileSync(a, rule('A', 'evt.typ = openat'))
  expect(() => files.reread()).toThrow(WrongRules)
  expect(files.changed()).toBe(false)
  rmSync(a)
  expect(files.changed()).toBe(true)
  expect(() => files.reread()).toThrow(WrongRules)
  writeFileSync(a, rule('D'))
  expect(names(files)).toEqual(['D'])
})

test('an emptied folder, a configuration that is not YAML, and standard input', () => {
  const folder = join(dir, 'rules.d')
  const inside = file('rules.d/a.yaml', rule('A'))
  const files = filesOf(folder)
  rmSync(inside)
  expect(() => files.reread()).toThrow(/no file in .* ends in .yaml/)
  const config = file('broken.yaml', `rules_files: [${file('ok.yaml', rule('A'))}]\n`)
  const configured = filesOf('-c', config)
  writeFileSync(config, 'rules_files: "x\n')
  expect(() => configured.reread()).toThrow(/invalid YAML/)
  expect(() => filesOf('-f', '-').reread()).toThrow(/standard input cannot be re-read/)
})

test('a selection on the command line that matches no rule any more is an error', () => {
  const a = file('meant.yaml', rule('A') + rule('B'))
  const files = filesOf(a, '--disable', 'B')
  writeFileSync(a, rule('A'))
  expect(() => files.reread()).toThrow(/no rule 'B'/)
})

/** Whether a change of these paths is noticed after `change()`. */
async function noticed(paths: readonly string[], change: () => void): Promise<boolean> {
  let times = 0
  const watch = new FilesWatch(
    () => times++,
    (sentence) => expect.fail(sentence),
  )
  onTestFinished(() => watch.close())
  watch.watch(paths)
  change()
  for (let i = 0; i < 40 && times === 0; i++) await sleep(50)
  return times > 0
}

test('changes are noticed: in place, by a rename, in a folder, and by a changed link', async () => {
  const a = file('watched/a.yaml', rule('A'))
  expect(await noticed([a], () => writeFileSync(a, rule('B')))).toBe(true)
  const next = file('watched/.a.yaml.tmp', rule('C'))
  expect(await noticed([a], () => renameSync(next, a))).toBe(true)
  expect(await noticed([a], () => rmSync(a))).toBe(true)
  expect(await noticed([a], () => file('watched/a.yaml', rule('A')))).toBe(true)
  const folder = join(dir, 'watched.d')
  file('watched.d/x.yaml', rule('X'))
  expect(await noticed([folder], () => file('watched.d/y.yaml', rule('Y')))).toBe(true)
  const mounted = join(dir, 'mounted')
  file('mounted/..1/m.yaml', rule('M'))
  file('mounted/..2/m.yaml', rule('N'))
  symlinkSync('..1', join(mounted, '..data'))
  symlinkSync('..data/m.yaml', join(mounted, 'm.yaml'))
  const moved = () => {
    symlinkSync('..2', join(mounted, '..tmp'))
    renameSync(join(mounted, '..tmp'), join(mounted, '..data'))
  }
  expect(await noticed([join(mounted, 'm.yaml')], moved)).toBe(true)
})

test('changes of other files in the folder are not noticed, and a missing folder is not an error', async () => {
  const a = file('beside/a.yaml', rule('A'))
  expect(await noticed([a, join(dir, 'nowhere/b.yaml')], () => file('beside/log.txt', 'x'))).toBe(false)
})

test('the differences of two sets are reported, and which settings wait for the next start', () => {
  const [a, b] = ['A', 'B'].map((name) => ruleOf({ name }))
  const changed = ruleOf({ name: 'A', condition: 'evt.type=open' })
  expect(difference([ruleOf({ name: 'A' })], [ruleOf({ name: 'A' })])).toBe('1 rule, none changed')
  expect(
    difference(
      [a, b].filter((r) => r !== undefined),
      [changed, ruleOf({ name: 'C' })],
    ),
  ).toBe('2 rules, 1 added, 1 removed, 1 changed')
  const settings = (text: string) => {
    const { options, words } = parseSubcommand(RULES, ['-f', 'a', '-c', file('later.yaml', text)])
    return rulesSettings(options, words).settings
  }
  expect(
    changedAtStart(settings('{}'), settings('priority: error\nappend_output: [{extra_output: "%proc.name"}]\n')),
  ).toEqual([])
  expect(
    changedAtStart(
      settings('{}'),
      settings(
        'syslog_output: {enabled: true}\nwebserver: {enabled: true}\njson_output: true\ncapture: {enabled: true}\n',
      ),
    ),
  ).toEqual(['outputs and their queues', 'json_output', 'webserver', 'capture'])
})

test('a capture is sufficient for rules that need less, and not for rules that need more', () => {
  const prepared = (conditions: string[], more: { capture?: boolean; args?: string[] } = {}) => {
    const { options, words } = parseSubcommand(RULES, ['-f', 'a', ...(more.args ?? [])])
    const { settings } = rulesSettings(options, words)
    const rules = conditions.map((condition, i) => ruleOf({ name: `R${i}`, condition, capture: more.capture === true }))
    return prepare(settings, rules, { s: settings.capture, onTerminal: false })
  }
  const both = prepared(['evt.type=openat', 'evt.type=unlinkat'])
  const one = prepared(['evt.type=openat'])
  const narrow = prepared(['evt.type=openat and proc.name=cat'])
  expect(isCovered(both, both)).toBe(true)
  expect(isCovered(both, one)).toBe(true)
  expect(isCovered(one, both)).toBe(false)
  expect(isCovered(one, narrow)).toBe(true)
  expect(isCovered(narrow, one)).toBe(false)
  expect(isCovered(one, prepared(['evt.type=openat and evt.latency > 1ms']))).toBe(false)
  const around = prepared(['evt.type=openat'], { capture: true, args: ['--capture', '/tmp/x'] })
  expect(around.query).toMatchObject({ filter: undefined, kept: true })
  expect(isCovered(one, around)).toBe(false)
  expect(isCovered(around, both)).toBe(true)
  expect(prepared(['evt.type=openat'], { capture: true }).warnings.join()).toMatch(/'R0': capture: true has no effect/)
})

test('while the capture for re-read rules starts, further ones wait for it: the present one has ended and can have no other successor', async () => {
  const a = file('starting.yaml', rule('A'))
  const { options, words } = parseSubcommand(RULES, ['-q', '-f', a])
  const { settings } = rulesSettings(options, words)
  const circumstances = { s: settings.capture, onTerminal: false }
  const files = filesOf('-q', '-f', a)
  const first = prepare(settings, files.reread().rules, circumstances)
  const rules = new RulesRun({
    ...{ first, circumstances, files, folder: undefined, style: { now: first.style } },
    outputs: { offer: () => undefined } as unknown as Outputs,
  })
  const source = { info: INFO, stats: () => ({ lost: 0 }) } as unknown as CaptureSource
  const followed: string[] = []
  const opened = (name: string) => rules.open(new CaptureRun(source), () => followed.push(name))
  opened('first')
  for (const call of ['unlinkat', 'linkat', 'renameat2']) {
    writeFileSync(a, rule('A', `evt.type = ${call}`))
    rules.reload()
  }
  expect(followed).toEqual(['first'])
  opened('second')
  await loopTurn()
  expect(followed).toEqual(['first', 'second'])
})
