// Rules in live runs: those that fire are shown for current events, and the kernel records what the rules need.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('rule-fields')
const RULES = join(dir, 'rules.yaml')
writeFileSync(
  RULES,
  `- rule: Missing file
  desc: a file that is not there was opened
  condition: evt.type in (open, openat) and evt.failed=true and fs.path.name startswith /nowhere/
  output: "%proc.name (parent %proc.pname) misses %fs.path.name after %evt.latency ns"
  priority: ALERT
- rule: Says hello
  desc: something is written
  condition: evt.type=write and evt.buffer contains hello-rules
  output: "%proc.name says it"
  priority: INFO
- rule: Slow
  desc: a call took its time
  condition: evt.type in (nanosleep, clock_nanosleep) and evt.latency>50ms
  output: "%proc.name waited"
  priority: DEBUG
`,
)
const SCRIPT = 'cat /nowhere/1 2>/dev/null; echo hello-rules >/dev/null; sleep 0.1; cat /nowhere/2 2>/dev/null; true'

describe.skipIf(!privileged())('live', () => {
  test('each rule that fires is shown, with the fields of its output', () => {
    const format = '%rule.priority|%rule.name|%rule.output'
    const { code, stdout } = ksys(['--rules', RULES, '-p', format, 'rule.name exists', '--', 'sh', '-c', SCRIPT])
    expect(code).toBe(0)
    const lines = stdout.trim().split('\n')
    const sleeps = lines.filter((l) => l === 'Debug|Slow|sleep waited')
    expect(sleeps).toHaveLength(1)
    expect(lines.filter((l) => l.startsWith('Alert|'))).toEqual([
      expect.stringMatching(/^Alert\|Missing file\|cat \(parent sh\) misses \/nowhere\/1 after \d+ ns$/),
      expect.stringMatching(/^Alert\|Missing file\|cat \(parent sh\) misses \/nowhere\/2 after \d+ ns$/),
    ])
    expect(lines).toContain('Informational|Says hello|sh says it')
  })

  test('a trace has the events that fire a rule, and shows them as the run does', () => {
    const file = join(dir, 'alerts.ksys')
    const filter = 'rule.priority=Alert'
    expect(ksys(['--rules', RULES, '-w', file, filter, '--', 'sh', '-c', SCRIPT]).code).toBe(0)
    const back = (...words: string[]) =>
      ksys(['-r', file, ...words])
        .stdout.trim()
        .split('\n')
    expect(back('-p', '%fs.path.name')).toEqual(['/nowhere/1', '/nowhere/2'])
    expect(back('--rules', RULES, '-p', '%rule.name', filter)).toEqual(['Missing file', 'Missing file'])
  })

  test('a recorder writes what preceded an alert', () => {
    const run = ksys([
      ...['record', '--rules', RULES, '--last', '30s', '--after', '0s', '--trigger', 'rule.name="Missing file"'],
      ...['-w', join(dir, 'kept.ksys'), '--', 'sh', '-c', `echo before >/dev/null; ${SCRIPT}; sleep 1`],
    ])
    expect(run.code).toBe(0)
    const [file] = readdirSync(dir).filter((f) => /^kept-\d+\.ksys$/.test(f))
    expect(file !== undefined && existsSync(join(dir, file))).toBe(true)
    const ran = ksys([
      '-r',
      join(dir, file as string),
      '-p',
      '%evt.buffer',
      'evt.type=write and evt.buffer contains before',
    ])
    expect(ran.stdout).toContain('before')
  })
})
