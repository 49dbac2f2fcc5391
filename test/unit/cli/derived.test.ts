// Help, manual page and completion are made from the option table, so each names every option.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { completionScript } from '../../../src/cli/completion.js'
import { EXIT_MEANINGS } from '../../../src/cli/exit.js'
import { helpText } from '../../../src/cli/help.js'
import { manPage } from '../../../src/cli/man.js'
import { OPTIONS } from '../../../src/cli/options.js'

const words = { fields: ['proc.name', 'evt.type'], events: ['openat', 'read'] }

test('letters and words of options are unique', () => {
  const all = OPTIONS.flatMap((o) => [o.long, ...(o.aliases ?? []), ...(o.short ? [o.short] : [])])
  expect(new Set(all).size).toBe(all.length)
})

test('help names every option, every exit code, and keeps to its width', () => {
  const help = helpText(80)
  for (const o of OPTIONS) expect(help).toContain(`--${o.long}`)
  for (const code of [0, 1, 2, 3, 4, 5, 6]) expect(help).toMatch(new RegExp(`^ +${code} +\\S`, 'm'))
  const tables = help.slice(0, help.indexOf('Examples:'))
  expect(Math.max(...tables.split('\n').map((l) => l.length))).toBeLessThanOrEqual(100)
})

test('the manual page names every option and ends its sections', () => {
  const man = manPage('1.2.3')
  for (const o of OPTIONS) expect(man.replace(/\\-/g, '-')).toContain(`--${o.long}`)
  expect(man).toMatch(/^\.TH KSYS 1/)
})

test('the bash script completes options, values, fields and event types', () => {
  const file = join(tmpdir(), `ksys-completion-${process.pid}.bash`)
  onTestFinished(() => rmSync(file))
  writeFileSync(file, completionScript('bash', words))
  const ask = (...line: string[]) =>
    execFileSync('bash', [
      '-c',
      `. ${file}; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _ksys; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...line,
    ])
      .toString()
      .trim()
      .split('\n')
  expect(ask('ksys', '--summ')).toEqual(['--summary'])
  expect(ask('ksys', '-t', '')).toEqual(['h', 'a', 'r', 'd', 'D'])
  expect(ask('ksys', 'proc.')).toEqual(['proc.name'])
  expect(ask('ksys', 'evt.type=o')).toEqual(['evt.type=openat'])
})

test('the zsh and fish scripts name every option', () => {
  for (const shell of ['zsh', 'fish'] as const) {
    const script = completionScript(shell, words)
    for (const o of OPTIONS) expect(script).toContain(shell === 'zsh' ? `--${o.long}` : `-l ${o.long}`)
  }
})

test('the README shows the same exit codes as the help', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
  for (const [code, meaning] of EXIT_MEANINGS) expect(readme).toContain(`| ${code} | ${meaning} |`)
})
