// Profiles of the bundled captures: each recorded call is allowed by the profile made of it, joining captures is a union in any order,
// and a profile made twice is the same.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bundled, unpacked } from '../../golden/captures.js'
import { folderFor } from '../../helpers/folder.js'
import { ksys, root } from '../../helpers/ksys.js'

const dir = folderFor('advise')

/** selects every process, also outside of containers */
const ALL = 'evt.num >= 0'
const own = (name: string) => join(root, 'captures', name)
const scaps = unpacked()
const CAPTURES = [
  ...['web.ksys', 'build.ksys', 'shell.ksys'].map(own),
  ...[1, 2, 3].map((n) => join(root, `test/unit/trace/formats/version-${n}.ksys`)),
  ...bundled.map((name) => join(scaps, `${name}.scap`)),
]

function made(files: readonly string[], name: string, options: readonly string[] = [], filter = ALL): string {
  const file = join(dir, name)
  const { code, stderr } = ksys([
    'advise',
    'seccomp',
    filter,
    '-q',
    '-w',
    file,
    ...options,
    ...files.flatMap((f) => ['-r', f]),
  ])
  expect([code, stderr.replace(/^ksys: .*(lost|skipped|damaged|no value).*\n/gm, '')]).toEqual([0, ''])
  return readFileSync(file, 'utf8')
}

interface Written {
  readonly syscalls: readonly { readonly names: readonly string[]; readonly action: string }[]
}

const allowed = (text: string) =>
  new Set((JSON.parse(text) as Written).syscalls.flatMap((r) => (r.action === 'SCMP_ACT_ALLOW' ? r.names : [])))

/** Each capture, with a filter that selects one workload. */
const CASES = CAPTURES.flatMap((file) =>
  (file.endsWith('container.scap') ? ['container.id = host', 'container.id != host'] : [ALL]).map(
    (filter) => [file, filter] as const,
  ),
)

describe.each(CASES)('%s, %s', (file, filter) => {
  test.each([[[]], [['--families']]])(
    'its profile with %j allows each of its calls, and is the same when made again',
    (options) => {
      const text = made([file], 'one.json', ['--enforce', ...options], filter)
      expect(made([file], 'again.json', ['--enforce', ...options], filter)).toBe(text)
      const check = ksys(['advise', 'check', join(dir, 'one.json'), '-r', file, filter])
      expect([check.code, check.stdout]).toEqual([0, ''])
      expect(check.stderr).toContain('allows every recorded call that passes the filter')
    },
  )

  test('with one of its calls taken out, that is the one refused', () => {
    const profile = JSON.parse(made([file], 'one.json', ['--enforce'], filter)) as Written
    const [name] = ['close', 'read', 'openat', 'open'].filter((n) => allowed(JSON.stringify(profile)).has(n))
    const syscalls = profile.syscalls.map((r) => ({ ...r, names: r.names.filter((n) => n !== name) }))
    writeFileSync(join(dir, 'less.json'), JSON.stringify({ ...profile, syscalls }))
    const check = ksys(['advise', 'check', join(dir, 'less.json'), '-r', file, filter, '-p', '%evt.type'])
    expect(check.code).toBe(7)
    expect([...new Set(check.stdout.trim().split('\n'))]).toEqual([name])
  })
})

test('several captures are a union, in any order', () => {
  const three = ['web.ksys', 'build.ksys', 'shell.ksys'].map(own)
  const joined = made(three, 'joined.json')
  expect(made(three.toReversed(), 'reversed.json')).toBe(joined)
  const all = allowed(joined)
  for (const file of three) for (const name of allowed(made([file], 'one.json'))) expect(all).toContain(name)
  const sum = new Set(three.flatMap((file) => [...allowed(made([file], 'one.json'))]))
  expect([...all].sort()).toEqual([...sum].sort())
})

test('the formats list the same calls', () => {
  const names = [...allowed(made([own('web.ksys')], 'x.json'))].sort()
  const spo = made([own('web.ksys')], 'x.yaml', ['--to', 'spo'])
  for (const name of names) expect(spo).toMatch(new RegExp(`^ +- ${name}( #.*)?$`, 'm'))
  const unit = made([own('web.ksys')], 'x.conf', ['--to', 'systemd', '--enforce'])
  expect(/^SystemCallFilter=(.*)$/m.exec(unit)?.[1]?.split(' ')).toEqual(names)
})

test.each([[['--enforce']], [[]]])(
  'a drop-in of systemd with %j allows each call, without one it refuses that',
  (options) => {
    const file = own('web.ksys')
    const unit = made([file], 'unit.conf', ['--to', 'systemd', ...options])
    const check = () => ksys(['advise', 'check', join(dir, 'unit.conf'), '-r', file, ALL, '-p', '%evt.type'])
    const stderr = `ksys: ${join(dir, 'unit.conf')} allows every recorded call that passes the filter\n`
    expect(check()).toEqual({ code: 0, stdout: '', stderr })
    writeFileSync(join(dir, 'unit.conf'), unit.replace(/^(SystemCall(?:Filter|Log)=.*)\bopenat\b/m, '$1'))
    const { code, stdout } = check()
    expect([code, new Set(stdout.trim().split('\n'))]).toEqual([7, new Set(['openat'])])
  },
)

test('without a container, a sentence says what to do', () => {
  for (const args of [['seccomp'], ['check', 'docker'], ['heal', 'docker']]) {
    const { code, stderr, stdout } = ksys(['advise', ...args, '-r', own('web.ksys')])
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toMatch(/^ksys: no container is in .*web\.ksys; to .* name it in a filter: proc\.name=NAME\n$/)
  }
})

test('the text starts with the verdict', () => {
  const { stderr } = ksys(['advise', 'seccomp', ALL, '-r', own('build.ksys')])
  expect(stderr).toMatch(/^RuntimeDefault suffices for the selected programs: it allows every recorded call;/)
})

test('of several workloads one must be selected, and a folder gets a file of each', () => {
  const read = ['-r', join(scaps, 'container.scap')]
  const workloads = ksys(['advise', 'seccomp', '-j', '-q', ...read])
    .stdout.trim()
    .split('\n')
  for (const line of workloads) expect(JSON.parse(line)).toHaveProperty('profile.defaultAction', 'SCMP_ACT_LOG')
  const folder = join(dir, 'profiles')
  // it is created
  expect(ksys(['advise', 'seccomp', '-q', '-w', `${folder}/`, ...read])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  })
  expect(readdirSync(folder)).toHaveLength(workloads.length)
  const alone = ksys(['advise', 'seccomp', '-q', ...read])
  expect(alone.code).toBe(workloads.length > 1 ? 2 : 0)
})
