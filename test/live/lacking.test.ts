// A kernel that lacks something or rejects programs: optional features are omitted and reported, captures continue with the rest. The
// rejections are the running kernel's own, of programs modified for this (helpers/refused.ts); what it lacks was removed from its BTF
// (helpers/hidden.ts).
import { writeFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { hostFeatures } from '../../src/source/features.js'
import { hide, ksysWith } from '../helpers/hidden.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'
import { refusedAddon } from '../helpers/refused.js'

const dir = scratchDir('lacking')
let addon = ''
const run = (...args: string[]) => ksys(args, { env: { KSYS_ADDON: addon }, seconds: 120 })

/** The rejected programs, by the feature that they belong to. */
const REFUSED = {
  iter_file: 'iterators',
  on_cgroup_attach: 'cgroups',
  on_signal: 'signals',
  on_oom_kill: 'OOM kills',
  on_switch: 'switches',
  on_fault_kernel: 'page faults',
  iter_times: 'times of threads',
  iter_calls: 'calls in flight',
  iter_procinfo: 'memory of processes',
  on_uring_done: 'io_uring',
  on_prepare_exec: 'counts at exit',
}
const AT_DEMAND = ['switches', 'page faults', 'counts at exit']

type Row = { name: string; there?: boolean; reason?: string }
/** The missing features, without those that the running kernel itself lacks. */
function lacked(features: Row[]): Row[] {
  const own = hostFeatures()
  return features.filter((f) => f.there !== true && own?.get(f.name) !== false)
}

/** The features that a run reported as omitted. */
function omittedOf(stderr: string): string[] {
  const line =
    /^ksys: continuing without (.*): this kernel \((.*)\) rejected it; .*; please report the output of ksys --verbose$/gm
  return [...stderr.matchAll(line)].map(([, feature, kernel]) => {
    expect(kernel).toBe(release())
    return feature as string
  })
}

describe.skipIf(!privileged())('a kernel that rejects programs', { timeout: 600_000 }, () => {
  beforeAll(() => {
    const always = Object.fromEntries(Object.keys(REFUSED).map((name) => [name, '']))
    addon = refusedAddon(dir, {
      ...always,
      // with --self nothing remains that could be captured
      on_exit: '!config.plan.self_pid',
      // with -s 77 the kernel rejects the direct reads
      on_sys_exit: 'CAN_CAST && config.plan.snaplen == 77',
    })
  }, 600_000)

  test('a capture continues without optional features, reports each in one line, and has the rest', () => {
    const trace = join(dir, 'rest.ksys')
    const ran = run('-w', trace, '--', '/bin/sh', '-c', 'kill -0 $$; exec /bin/true')
    expect(ran.code).toBe(0)
    const expected = Object.values(REFUSED).filter((f) => !AT_DEMAND.includes(f))
    expect(omittedOf(ran.stderr).sort()).toEqual(expected.sort())
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(expected.length)
    const rows = readRows(trace, ['evt.type', 'proc.exepath', 'evt.args'])
    expect(
      rows.filter((r) => r['evt.type'] === 'execve').map((r) => String(r['proc.exepath']).split('/').at(-1)),
    ).toContain('true')
    expect(rows.some((r) => r['evt.type'] === 'procexit')).toBe(true)
    expect(rows.some((r) => r['evt.type'] === 'kill')).toBe(true)
  })

  test('a feature that is used on demand is reported when it is requested', () => {
    const ran = run('--switches', '--page-faults', '-p', '%evt.type', '--', '/bin/true')
    expect(ran.code).toBe(0)
    expect(omittedOf(ran.stderr)).toEqual(expect.arrayContaining(['switches', 'page faults']))
    const types = new Set(ran.stdout.split('\n'))
    expect(types).toContain('execve')
    expect(types).not.toContain('switch')
    expect(types).not.toContain('page_fault')
  })

  test('calls are counted in another way', () => {
    const ran = run('-j', '-q', '-S', 'evt.type=execve', '--', '/bin/true')
    expect(ran.code).toBe(0)
    expect(ran.stdout).toContain('execve')
  })

  test('--verbose prints the last lines of the verifier after each', () => {
    const lines = run('-v', '-q', '--', '/bin/true').stderr.split('\n')
    const at = lines.findIndex((l) => l.startsWith('ksys: continuing without signals'))
    expect(lines[at + 1]).toBe('Message of the system:')
    const end = lines.slice(at + 2).findIndex((l) => !l.startsWith('  '))
    expect(end).toBeGreaterThan(1)
    expect(end).toBeLessThanOrEqual(20)
    expect(lines.slice(at + 2, at + 2 + end).join('\n')).toMatch(/R1 type=.* expected=/)
  })

  test('unavailable calls in flight are an error rather than an empty result', () => {
    const ran = run('--inflight')
    expect(ran).toMatchObject({ code: 3, stdout: '' })
    expect(ran.stderr).toMatch(/^ksys: this kernel .* cannot list calls in progress; /)
  })

  test('a capture works without direct reads if they are rejected', () => {
    const trace = join(dir, 'slow.ksys')
    const ran = run('-s', '77', '-w', trace, '--', '/bin/true')
    expect(ran.code).toBe(0)
    expect(omittedOf(ran.stderr)).toContain('direct reads')
    expect(readRows(trace, ['evt.type'], ['evt.type=execve']).length).toBeGreaterThan(0)
  })

  test('a rejected required feature ends the capture with one sentence, and --verbose shows the reason', () => {
    for (const args of [[], ['--', '/bin/true']]) {
      const ran = run('--self', '-n', '1', ...args)
      expect(ran).toMatchObject({ code: 3, stdout: '' })
      const [sentence, offer, ...more] = ran.stderr.trimEnd().split('\n')
      expect(sentence).toMatch(
        /^ksys: this kernel \(.*\) rejected the BPF programs .*: capture on another kernel, and please report/,
      )
      expect(offer).toMatch(/ksys -r /)
      expect(more).toEqual([])
      expect(run('--self', '-v', '-n', '1', ...args).stderr).toMatch(/\nMessage of the system:\n( {2}.*\n){2,20}$/)
    }
  })

  test('info --host reports the same', () => {
    const host = JSON.parse(run('info', '--host', '-j').stdout)
    expect(host).toMatchObject({ capture: true, tried: true })
    const no = lacked(host.features)
    expect(no.map((f) => f.name).sort()).toEqual(Object.values(REFUSED).sort())
    for (const f of no) expect(f).toMatchObject({ there: false, reason: expect.stringMatching(/R1 type=/) })
    const text = run('info', '--host', '--verbose').stdout
    expect(text).toMatch(/^capture +possible$/m)
    expect(text).toMatch(/^signals +no .*no signals are captured \(refused: R1 type=/m)
    expect(text.match(/^Message of the system:$/gm)).toHaveLength(no.length)
  })
})

/** The hidden names, by the feature that they belong to. */
const HIDDEN = {
  bpf_iter_task: ['iterators', 'times of threads', 'calls in flight'],
  btf_trace_cgroup_attach_task: ['cgroups'],
  btf_trace_signal_deliver: ['signals'],
  btf_trace_mark_victim: ['OOM kills'],
  btf_trace_sched_switch: ['switches'],
  btf_trace_page_fault_user: ['page faults'],
  bpf_loop: ['memory of processes'],
  btf_trace_io_uring_submit_req: ['io_uring'],
  bpf_rdonly_cast: ['direct reads'],
  btf_trace_sched_prepare_exec: ['counts at exit'],
}

describe.skipIf(!privileged())('a kernel that lacks features', () => {
  const poor = join(dir, 'poor.btf')
  const lacks = (stderr: string) =>
    [...stderr.matchAll(/^ksys: continuing without (.*): this kernel .* does not support it; .*$/gm)].map((m) => m[1])
  const line = (stderr: string) => stderr.trimEnd().split('\n').filter(Boolean)
  beforeAll(() => {
    hide(poor, Object.keys(HIDDEN))
  })

  test('a capture continues, and reports requested features that are unavailable', () => {
    const plain = ksysWith(poor, ['-p', '%evt.type', '--', '/bin/true'])
    expect(plain.code).toBe(0)
    expect(plain.stdout).toMatch(/^exit_group$/m)
    expect(lacks(plain.stderr)).toEqual(['iterators', 'signals'])
    expect(line(plain.stderr)).toHaveLength(2)

    const trace = join(dir, 'poor.ksys')
    const requested = ksysWith(poor, [
      '--switches',
      '--page-faults',
      '-w',
      trace,
      '--',
      '/bin/sh',
      '-c',
      'exec /bin/true',
    ])
    expect(requested.code).toBe(0)
    expect(lacks(requested.stderr).sort()).toEqual(
      ['iterators', 'signals', 'switches', 'page faults', 'times of threads', 'calls in flight'].sort(),
    )
    const types = new Set(readRows(trace, ['evt.type']).map((r) => r['evt.type']))
    expect(types).toContain('execve')
    for (const type of ['switch', 'page_fault', 'signaldeliver']) expect(types).not.toContain(type)
  })

  test('a filter for one of them alone is answered with an error', () => {
    for (const [type, feature] of [
      ['page_fault', 'page faults'],
      ['switch', 'switches'],
      ['signaldeliver', 'signals'],
      ['oomkill', 'OOM kills'],
      ['io_uring_complete', 'io_uring'],
    ] as const) {
      const ran = ksysWith(poor, [`evt.type=${type}`, '--', '/bin/true'])
      expect(ran).toMatchObject({ code: 0, stdout: '' })
      expect(lacks(ran.stderr)).toEqual(expect.arrayContaining([feature]))
    }
    expect(ksysWith(poor, ['--inflight'])).toMatchObject({ code: 3, stdout: '' })
  })

  test('info --host reports the same', () => {
    const ours = JSON.parse(ksysWith(poor, ['info', '--host', '-j']).stdout)
    expect(ours).toMatchObject({ capture: true, tried: true })
    const no = lacked(ours.features)
    expect(no.map((f) => f.name).sort()).toEqual(Object.values(HIDDEN).flat().sort())
    for (const f of no) {
      expect(f.there).toBe(false)
      expect(f).not.toHaveProperty('reason')
    }
  })

  test('a missing required feature is named', () => {
    const bare = join(dir, 'bare.btf')
    expect(hide(bare, ['btf_trace_sched_process_exit'])).toBe(true)
    for (const args of [
      ['-n', '1'],
      ['--', '/bin/true'],
    ]) {
      const ran = ksysWith(bare, args)
      expect(ran).toMatchObject({ code: 3, stdout: '' })
      expect(ran.stderr).toMatch(/^ksys: live capture needs a kernel with threads for BPF .*: capture on another\n/)
    }
    expect(ksysWith(bare, ['info', '--host']).stdout).toMatch(/^threads +no .*no capture without it$/m)
  })

  test('unreadable type information counts as missing BTF', () => {
    const broken = join(dir, 'broken.btf')
    writeFileSync(broken, 'no BTF'.repeat(1000))
    const ran = ksysWith(broken, ['-n', '1'])
    expect(ran).toMatchObject({ code: 3, stdout: '' })
    expect(line(ran.stderr)).toEqual([
      expect.stringMatching(/^ksys: live capture needs a kernel with BTF, and .* is not valid BTF: use a kernel/),
      expect.stringMatching(/ksys -r /),
    ])
    const host = ksysWith(broken, ['info', '--host'])
    expect(host).toMatchObject({ code: 0, stderr: '' })
    expect(host.stdout).toMatch(/^capture +not possible: live capture needs a kernel with BTF/m)
    expect(host.stdout).toMatch(/^page faults +unknown /m)
  })
})
