// Alerts in the UI over a bundled capture: printed, and in a real terminal from rules to the calls around one alert.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ksys, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { hasTmux, Terminal } from './terminal.js'

const dir = scratchDir('ui-alerts')
const web = join(root, 'captures/web.ksys')
const RULES = join(dir, 'rules.yaml')
writeFileSync(
  RULES,
  `- rule: Sends
  desc: data go over the network
  condition: evt.type in (sendto, write, sendmsg) and fd.type in (ipv4, ipv6) and evt.rawres>0
  output: "%proc.name sends %evt.buffer to %fd.name"
  priority: NOTICE
- rule: Connection
  desc: something connects
  condition: evt.type=connect and fd.type in (ipv4, ipv6)
  output: "%proc.name connects to %fd.name"
  priority: CRITICAL
`,
)

/** The number of times that each rule fires, according to the command. */
const counts = countsOf()
function countsOf(): ReadonlyMap<string, number> {
  const names = ksys(['-r', web, '--rules', RULES, '-p', '%rule.name', 'rule.name exists']).stdout.trim().split('\n')
  const all = new Map<string, number>()
  for (const name of names) all.set(name, (all.get(name) ?? 0) + 1)
  return all
}

const plain = (...words: string[]) => ksys(['ui', '--plain', '--no-config', '-r', web, '--rules', RULES, ...words])

test('by rule they are printed with the highest priority first, with their counts', () => {
  expect([...counts.keys()].sort()).toEqual(['Connection', 'Sends'])
  const { code, stdout } = plain('-v', 'alerts')
  expect(code).toBe(0)
  const rows = stdout
    .split('\n')
    .slice(2, -1)
    .map((l) => l.trim().split(/ +/))
  expect(rows.map(([p, priority, count]) => [p, priority, Number(count)])).toEqual([
    ['2', 'Critical', counts.get('Connection')],
    ['5', 'Notice', counts.get('Sends')],
  ])
})

test('one by one they equal those of the command, with masked data', () => {
  const rows = (...words: string[]) =>
    plain('-v', 'alert_events', '--lines', '0', ...words)
      .stdout.split('\n')
      .slice(2, -1)
  expect(rows()).toHaveLength([...counts.values()].reduce((a, b) => a + b))
  expect(rows().join('\n')).toMatch(/sends \(\d+ bytes masked\) to/)
  expect(rows().join('\n')).not.toContain('HTTP')
  expect(rows('--show-data').join('\n')).toContain('HTTP')
  expect(rows('rule.name=Connection')).toHaveLength(counts.get('Connection') as number)
})

test('without rules the view says how to load some', () => {
  const { stdout } = ksys(['ui', '--plain', '--no-config', '-r', web, '-v', 'alerts'])
  expect(stdout).toContain('(No rule fired. No rules are loaded: start with ksys ui --rules FILE.)')
  const ran = ksys(['ui', '--plain', '--no-config', '-r', web, 'rule.name exists'])
  expect(ran.stderr).toContain('no rules are loaded: ksys ui --rules FILE')
})

describe.skipIf(!hasTmux)('in a terminal', () => {
  let t: Terminal | undefined
  afterEach(() => t?.close())

  test('Enter leads from a rule to its alerts, to the calls around one, and to the details of its event', async () => {
    const connections = counts.get('Connection') as number
    t = new Terminal(140, 30)
    t.ui('-r', web, '--rules', RULES, '-v', 'alerts')
    const rules = await t.shows(/^ *2 Critical/)
    expect(rules[2]).toContain('^')
    t.keys('Enter')
    await t.until(
      'its alerts',
      (l) => (l[0] ?? '').includes('Alert Events') && (l.at(-1) ?? '').includes(`1/${connections}`),
    )
    t.keys('Enter')
    const calls = await t.until('the calls', (l) => /around .* Dig/.test(l[0] ?? '') && / connect +/.test(l.join('\n')))
    expect(calls[0]).toMatch(/around \d\d:\d\d:\d\d\.\d+ proc\.pid=\d+/)
    t.keys('Enter')
    await t.shows(/^ *event \d+: connect/)
    t.keys('End')
    await t.shows(/rule\.name +Connection/)
    t.keys('BSpace', 'BSpace')
    await t.until('back', (l) => (l[0] ?? '').includes('Alert Events') && !(l[0] ?? '').includes('around'))
  })
})
