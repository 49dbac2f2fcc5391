// What the text about a profile says, and that names in captures, which are untrusted, cannot change a profile or the text.

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { callsByTiming } from '../../../src/advise/calls/by-timing.js'
import { Advice } from '../../../src/advise/needs/advice.js'
import { Workload, type WorkloadId } from '../../../src/advise/needs/workload.js'
import { Allows } from '../../../src/advise/profile/allows.js'
import { DOCKER_DEFAULT } from '../../../src/advise/profile/docker-default.js'
import { readProfile } from '../../../src/advise/profile/read.js'
import { assemble } from '../../../src/advise/write/assemble.js'
import { safeNames } from '../../../src/advise/write/file-name.js'
import { doubts, type OwnFilter, unseenPhases } from '../../../src/advise/write/gaps.js'
import { instructions } from '../../../src/advise/write/instructions.js'
import { ociProfile } from '../../../src/advise/write/oci.js'
import { spoProfile } from '../../../src/advise/write/spo.js'
import { systemdDropIn } from '../../../src/advise/write/systemd.js'
import { adviceText } from '../../../src/advise/write/text.js'
import fc from '../../helpers/properties.js'

const LOST_NOTHING = {
  lost: 0,
  enters: 0,
  leftOut: 0,
  damaged: false,
  filters: [] as string[],
  own: undefined as OwnFilter | undefined,
}
const ID: WorkloadId = { key: 'web', name: 'web', kind: 'container', what: 'container web', pod: undefined }
const SECOND = 1e6

/** A workload whose calls are made by `program`, the last of them after `last` seconds of a hundred. */
function workload(id: WorkloadId, program: string, last = 1): Workload {
  const w = new Workload(id)
  w.need('x86_64', 'openat').add(program, 'entrypoint', 0, 3)
  w.need('x86_64', 'read').add(program, 'program', SECOND, 1)
  w.need('x86_64', 'mkdir').add(program, 'entrypoint', last * SECOND, 1)
  w.passed(0)
  w.passed(100 * SECOND)
  return w
}

function textOf(w: Workload, losses = LOST_NOTHING, enforce = false): string {
  const steps = instructions(w, 'oci', 'web.json', 'web')
  return adviceText(w, assemble(w, { enforce, families: false }), {
    enforce,
    interactive: false,
    recordings: losses,
    steps,
  })
}

describe('a recording is called complete', () => {
  test('if nothing speaks against it', () =>
    expect(textOf(workload(ID, 'web'))).toMatch(/^Complete for what was recorded/m))

  test.each([
    ['after losses', workload(ID, 'web'), { ...LOST_NOTHING, lost: 1200 }, '1,200 events were lost'],
    [
      'under a ceiling',
      workload(ID, 'web'),
      { ...LOST_NOTHING, leftOut: 7 },
      '7 events were only counted because of a ceiling',
    ],
    [
      'if its own filter left out calls',
      workload(ID, 'web'),
      { ...LOST_NOTHING, filters: ['evt.type=openat'] },
      'a capture lacks calls that its filter left out: evt.type=openat',
    ],
    [
      'if its own filter is unknown',
      workload(ID, 'web'),
      { ...LOST_NOTHING, filters: [''] },
      'a capture was recorded with a filter that is not stored in it, and may lack calls',
    ],
    [
      'if the filter of the advice leaves out calls of it',
      workload(ID, 'web'),
      { ...LOST_NOTHING, own: { text: 'evt.type=openat\n', leavesOut: ({ name }: WorkloadId) => name === 'web' } },
      'the filter selects only some of its calls: evt.type=openat\\n',
    ],
    ['if it is damaged', workload(ID, 'web'), { ...LOST_NOTHING, damaged: true }, 'a capture is damaged'],
    [
      'with a new call at its end',
      workload(ID, 'web', 95),
      LOST_NOTHING,
      'calls were still new in the last tenth of the time: mkdir',
    ],
  ])('not %s', (_, w, losses, why) => {
    expect(doubts(w, losses)).toEqual([why])
    const text = textOf(w, losses)
    expect(text).toContain(`Not complete: ${why}`)
    expect(text.replace('Not complete', '')).not.toMatch(/complete/i)
  })
})

test('phases that were not recorded are listed', () => {
  const w = workload(ID, 'web')
  expect(unseenPhases(w)).toEqual([
    'a start',
    'a stop by SIGTERM',
    'a reload by SIGHUP',
    'a whole day with its periodic jobs (1.7 min were recorded)',
  ])
  w.starts = 2
  w.terminated = 1
  w.reloads = 1
  w.passed(25 * 3600 * SECOND)
  expect(unseenPhases(w)).toEqual([])
})

test('the text says which containers ran before, and that the runtime is not known', () => {
  const w = workload(ID, 'web')
  w.running = 1
  expect(textOf(w)).toMatch(
    /, 1 running before the recording\. What runtimes need at a start is taken from a list, because/,
  )
  w.starts = 1
  w.filtered = 1
  expect(textOf(w)).toMatch(
    / The runtime is not known: besides what it did, the profile has what runc and crun need at a start\./,
  )
  w.runtimes.add('runc')
  expect(textOf(w)).not.toContain('not known')
})

test('calls of a filter that refused them, and dangerous ones, are named', () => {
  const w = workload(ID, 'web')
  w.refusal('keyctl').add('web', 'program', 0, 2)
  w.need('x86_64', 'bpf').add('web', 'program', 0, 1)
  const text = textOf(w)
  expect(text).toMatch(
    /^RuntimeDefault does not suffice for container web: it refuses bpf, which this profile allows; /,
  )
  expect(text).toContain('A filter refused these, so they are left out: keyctl 2x.')
  expect(text).toContain('bpf can load programs into the kernel')
  expect(ociProfile(assemble(w, { enforce: true, families: false }).profile)).not.toContain('"keyctl"')
})

test('arguments are restricted to recorded ones while all are known', () => {
  const w = workload(ID, 'web')
  w.need('x86_64', 'socket').add('web', 'program', 0, 1)
  w.need('x86_64', 'clone').add('web', 'program', 0, 1)
  w.arguments.socket.add(17)
  w.arguments.clone.add(0x11)
  const rules = () => assemble(w, { enforce: true, families: false }).profile.rules
  const families = rules().flatMap((r) => (r.names[0] === 'socket' ? r.args.map((a) => Number(a.value)) : []))
  expect(families).toEqual([1, 2, 10, 16, 17])
  expect(rules().find((r) => r.names[0] === 'clone')?.args).toMatchObject([{ op: 'MASKED_EQ', value: 0x7e020000n }])
  w.arguments.socket.add(undefined)
  w.arguments.clone.add(0x10000011)
  expect(rules().some((r) => r.args.length > 0)).toBe(false)
})

test('calls that depend on the moment are allowed if the recorded programs can make them, and marked with the reason', () => {
  const w = workload(ID, 'web')
  w.runtimes.add('crun')
  const why = (name: string) => assemble(w, { enforce: true, families: false }).lines.find((l) => l.name === name)?.why
  expect([why('restart_syscall'), why('rt_sigreturn'), why('sched_yield')]).toEqual(['timing', undefined, undefined])
  w.need('x86_64', 'rt_sigaction').add('web', 'program', 0, 1)
  expect([why('rt_sigreturn'), why('sigreturn')]).toEqual(['timing', undefined])
  w.need('x86', 'rt_sigaction').add('web', 'program', 0, 1)
  expect(why('sigreturn')).toBe('timing')
  w.threads = true
  const { profile, lines } = assemble(w, { enforce: true, families: false })
  const rule = profile.rules.find((r) => r.names.includes('sched_yield'))
  expect(rule).toMatchObject({ action: 'ALLOW', comment: expect.stringMatching(/^not recorded: .*moment/) })
  expect(rule?.names).toEqual(expect.arrayContaining(['futex', 'clock_nanosleep', 'tgkill']))
  expect(systemdDropIn(profile, lines)).toContain(
    '# sched_yield: not recorded: threads may make it when they wait for each other\n',
  )
  expect(ociProfile(profile)).toContain('"sched_yield"')
  w.need('x86_64', 'sched_yield').add('web', 'program', 0, 1)
  expect(why('sched_yield')).toBe('recorded')
})

test('every call that depends on the moment is one that the default profile of runtimes allows', () => {
  const all = callsByTiming({ names: new Set(['rt_sigaction']), abis: new Set(['x86_64', 'x86']), threads: true })
  const allows = new Allows(DOCKER_DEFAULT, { arch: 'x64', kernel: '', caps: new Set() })
  for (const name of all.keys()) expect([name, allows.call('x86_64', name, [])]).toEqual([name, true])
})

test('families add related calls, and are marked', () => {
  const { lines } = assemble(workload(ID, 'web'), { enforce: false, families: true })
  const of = (name: string) => lines.find((l) => l.name === name)?.why
  expect([of('openat'), of('open'), of('mkdirat'), of('mount')]).toEqual(['recorded', 'family', 'family', undefined])
})

test('on arm64, what runtimes and other C libraries need has the names of calls there', () => {
  const w = new Workload(ID)
  w.need('aarch64', 'openat').add('web', 'entrypoint', 0, 1)
  w.runtimes.add('crun')
  const { profile, lines } = assemble(w, { enforce: true, families: true })
  const names = new Set(lines.map(({ name }) => name))
  for (const name of ['access', 'arch_prctl', 'chown', 'dup2', 'readlink', 'open'])
    expect([...names]).not.toContain(name)
  for (const name of ['faccessat', 'fchownat', 'dup3', 'readlinkat', 'umask', 'openat2'])
    expect([...names]).toContain(name)
  expect(lines.find((l) => l.name === 'dup3')?.why).toBe('runtime')
  expect(profile.architectures).toEqual(['SCMP_ARCH_AARCH64'])
  // with a recording of an x86-64 machine, too, both kinds are needed
  w.need('x86_64', 'open').add('web', 'entrypoint', 0, 1)
  const both = assemble(w, { enforce: true, families: false }).lines.map(({ name }) => name)
  expect(both).toEqual(expect.arrayContaining(['access', 'arch_prctl', 'dup2']))
})

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\n- mount',
    '"]},{"names":["mount"],"action":"SCMP_ACT_ALLOW"}',
    "'\n    - mount # ",
    '# x\nSystemCallFilter=mount',
    '\u001b]0;x\u0007',
    '\u2028mount',
    '*&{}[]!|>%@`',
    '../../etc/passwd',
    '$(reboot) `reboot` "\'',
    '```\n# heading',
    '\ud800',
    '',
  ),
)

test('hostile names of programs, containers, images and controllers, and hostile filters, add nothing to profiles and texts', () => {
  const expected = ['mkdir', 'openat', 'read', 'restart_syscall']
  fc.assert(
    fc.property(HOSTILE, HOSTILE, HOSTILE, fc.boolean(), (program, name, image, inPod) => {
      const pod = inPod ? { namespace: name, controller: `deployment/${name}`, container: name } : undefined
      const w = workload({ key: name, name, kind: 'host', what: `container ${name}`, pod }, program)
      w.images.add(image)
      w.execs.add(program)
      const assembled = assemble(w, { enforce: true, families: false })
      const [file = ''] = safeNames([name])
      expect(file).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
      const { profile, lines } = assembled
      const names = (text: string) =>
        readProfile(text)
          .rules.flatMap((r) => (r.action === 'ALLOW' ? r.names : []))
          .sort()
      expect(names(ociProfile(profile))).toEqual(expected)
      const spo = spoProfile(profile, file, lines)
      expect(names(spo)).toEqual(expected)
      expect(parse(spo)).toHaveProperty('metadata', { name: file })
      const unit = systemdDropIn(profile, lines)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
      expect(unit).toEqual([
        '[Service]',
        'SystemCallArchitectures=native',
        'SystemCallErrorNumber=EPERM',
        'SystemCallFilter=mkdir openat read restart_syscall',
      ])
      for (const format of ['oci', 'spo', 'systemd'] as const) {
        const steps = instructions(w, format, `${file}.json`, file)
        const losses = { ...LOST_NOTHING, filters: [`proc.name=${program}`] }
        const text = adviceText(w, assembled, { enforce: true, interactive: false, recordings: losses, steps })
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/)
        expect(text.split('\n').length).toBe(linesOf(w, format))
      }
    }),
    { numRuns: 300 },
  )
})

/** The number of lines that the text of a workload with a plain name has. */
function linesOf(w: Workload, format: 'oci' | 'spo' | 'systemd'): number {
  const plain = workload(
    { ...w.id, name: 'x', what: 'x', pod: w.id.pod && { namespace: 'x', controller: 'x', container: 'x' } },
    'x',
  )
  plain.execs.add('x')
  const steps = instructions(plain, format, 'x.json', 'x')
  const assembled = assemble(plain, { enforce: true, families: false })
  return adviceText(plain, assembled, { enforce: true, interactive: false, recordings: LOST_NOTHING, steps }).split(
    '\n',
  ).length
}

test('different names give different files', () => {
  expect(safeNames(['a/b', 'a b', 'A-B', ''])).toEqual(['a-b', 'a-b-2', 'a-b-3', 'profile'])
})

/** A few calls of one workload, as recorded by one capture. */
const RECORDED = fc.array(
  fc.record({
    name: fc.constantFrom('read', 'write', 'openat', 'mkdir', 'socket'),
    program: fc.constantFrom('a', 'b', 'c'),
    time: fc.integer({ min: 0, max: 1000 }),
    value: fc.integer({ min: 0, max: 45 }),
  }),
  { maxLength: 12 },
)

test('joining recordings is a union, in any order', () => {
  const ofOne = (calls: readonly { name: string; program: string; time: number; value: number }[]) => {
    const w = new Workload(ID)
    for (const { name, program, time, value } of calls) {
      w.need('x86_64', name).add(program, 'program', time, 1)
      w.passed(time)
      if (name === 'socket') w.arguments.socket.add(value)
    }
    return w
  }
  const joined = (all: readonly Workload[]) => {
    const advice = new Advice()
    for (const w of all) advice.add([w])
    const [w] = advice.workloads
    const { profile, lines } = assemble(w as Workload, { enforce: true, families: true })
    return { text: spoProfile(profile, 'x', lines), names: new Set(lines.map((l) => l.name)) }
  }
  fc.assert(
    fc.property(fc.array(RECORDED, { minLength: 1, maxLength: 5 }), (captures) => {
      const all = () => captures.map(ofOne)
      const once = joined(all())
      expect(joined(all().toReversed()).text).toBe(once.text)
      for (const w of all()) for (const name of joined([w]).names) expect(once.names).toContain(name)
    }),
  )
})
