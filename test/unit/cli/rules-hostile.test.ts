// ksys rules with files that are too large, too deep or not regular: a sentence and an exit code, with bounded time and memory.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const path = scratch()
const capture = join(root, 'captures', 'shell.ksys')
const rule = (name: string, condition: string) =>
  `- rule: ${name}\n  desc: x\n  condition: ${condition}\n  output: ${name} %proc.name\n  priority: NOTICE\n`
function file(name: string, text: string): string {
  writeFileSync(path(name), text)
  return path(name)
}

describe('ksys rules', { timeout: 120_000 }, () => {
  test('10,000 rules run over a capture; one more is an error', () => {
    const rules = (n: number) =>
      Array.from({ length: n }, (_, i) =>
        rule(`R${i}`, `evt.type=openat and fd.name=/f${i} and proc.name!=p${i}`),
      ).join('')
    const many = file('many.yaml', rules(10_000))
    expect(ksys(['rules', '-q', '-f', many, '-r', capture])).toEqual({ code: 0, stdout: '', stderr: '' })
    const more = ksys(['rules', '--check', file('more.yaml', rules(10_001))])
    expect(more.code).toBe(2)
    expect(more.stdout).toContain('the maximum is 10000')
  })

  test('a condition of a megabyte is evaluated, a larger one refused', () => {
    const names = Array.from({ length: 50_000 }, (_, i) => `/some/file/${i}`)
    const large = file('large.yaml', rule('Large', `evt.type in (open, openat) and fd.name in (${names.join(', ')})`))
    expect(ksys(['rules', '--check', large])).toMatchObject({ code: 0 })
    expect(ksys(['rules', '-q', '-f', large, '-r', capture])).toEqual({ code: 0, stdout: '', stderr: '' })
    const larger = ksys(['rules', '--check', file('larger.yaml', rule('Larger', `proc.name=${'x'.repeat(1 << 21)}`))])
    expect(larger.code).toBe(2)
    expect(larger.stdout.length).toBeLessThan(5000)
  })

  test('aliases of aliases, macros of macros, and lists of lists are bounded', () => {
    const aliases = Array.from({ length: 40 }, (_, i) => `- &a${i + 1} [*a${i}, *a${i}]`).join('\n')
    expect(ksys(['rules', '--check', file('aliases.yaml', `- &a0 [x]\n${aliases}\n`)]).code).toBe(2)
    const macros = Array.from({ length: 40 }, (_, i) => `- macro: m${i + 1}\n  condition: (m${i} or m${i})\n`).join('')
    const bomb = ksys([
      ...['rules', '--check'],
      file('macros.yaml', `- macro: m0\n  condition: evt.type=open\n${macros}${rule('Bomb', 'm40')}`),
    ])
    expect(bomb.code).toBe(2)
    expect(bomb.stdout).toMatch(/macro/)
    const lists = Array.from({ length: 40 }, (_, i) => `- list: l${i + 1}\n  items: [l${i}, l${i}]\n`).join('')
    expect(
      ksys([
        'rules',
        '--check',
        file('lists.yaml', `- list: l0\n  items: [a]\n${lists}${rule('Bomb', 'evt.type=open and proc.name in (l40)')}`),
      ]).code,
    ).toBe(2)
    const deep = file('deep.yaml', `- rule: ${'['.repeat(100_000)}`)
    expect(ksys(['rules', '--check', deep]).code).toBe(2)
    const nots = file(
      'nots.yaml',
      rule('Nots', `evt.type=open and ${'not ('.repeat(20_000)}proc.name=a${')'.repeat(20_000)}`),
    )
    expect([0, 2]).toContain(ksys(['rules', '--check', nots]).code)
  })

  test('a path that is not a regular file is an error, and is not waited for', () => {
    execFileSync('mkfifo', [path('fifo')])
    for (const odd of [path('fifo'), '/dev/zero', path('nowhere'), capture]) {
      const run = ksys(['rules', '-f', odd, '-r', capture])
      expect(run, odd).toMatchObject({ code: 2, stdout: '' })
      expect(run.stderr, odd).toMatch(/LOAD_ERR_/)
      expect(run.stderr, odd).not.toMatch(/\n {4}at /)
    }
  })

  test('on a full disk the alerts of this file are lost, which is reported, and other outputs get theirs', () => {
    const all = file('all.yaml', rule('Any', 'evt.type in (open, openat, read, close)'))
    const run = ksys(['rules', '-f', all, '-r', capture, '--output', 'file=/dev/full', '--output', 'stdout'])
    expect(run.code).toBe(0)
    expect(run.stdout.split('\n').filter((line) => line.includes(' Any ')).length).toBeGreaterThan(10)
    expect(run.stderr).toMatch(/file=\/dev\/full: .* not delivered: the disk is full/)
  })
})
