// Completion in shells as users use them: a real terminal, and the Tab key.
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../helpers/ksys.js'
import { hasTmux, Terminal } from './terminal.js'

const has = (shell: string) => spawnSync(shell, ['--version']).error === undefined

describe.skipIf(!hasTmux)('Tab', () => {
  let t: Terminal
  beforeEach(() => {
    t = new Terminal(150, 12)
  })
  afterEach(() => t.close())

  /** Leaves the line for a new one: text that is typed before the shell has handled Ctrl-C would be dropped. */
  async function leave(): Promise<void> {
    t.keys('C-c')
    await t.until('a new line', (screen) => screen.findLast((l) => l.trim() !== '')?.trimEnd() === 'shell>')
  }

  /** Types, presses Tab, waits for the expected line (a shell may close its quote), and leaves it. */
  async function completes(typed: string, line: string): Promise<void> {
    t.type(typed)
    t.keys('Tab')
    await t.until(line, (screen) => screen.some((l) => l.trimEnd().replace(/"$/, '').endsWith(`shell> ${line}`)))
    await leave()
  }

  /** Types a complete word, and presses Tab: at most a space is inserted before the next text. */
  async function isWhole(typed: string): Promise<void> {
    t.type(typed)
    t.keys('Tab')
    t.type('+')
    const whole = [`shell> ${typed}+`, `shell> ${typed} +`]
    await t.until(`${typed}, +`, (screen) => screen.some((l) => whole.some((w) => l.trimEnd().endsWith(w))))
    await leave()
  }

  /** Types and presses Tab: the next text follows immediately, because nothing was inserted. */
  async function offersNothing(typed: string): Promise<void> {
    t.type(typed)
    t.keys('Tab')
    t.type('+')
    await t.until(`${typed}+`, (screen) => screen.some((l) => l.trimEnd().endsWith(`shell> ${typed}+`)))
    await leave()
  }

  /** Loads the completion of ksys in the shell. */
  async function prepare(shell: string): Promise<void> {
    t.type(`eval "$(node ${main} --completion ${shell})"; clear; echo ready`)
    t.keys('Enter')
    await t.until('a prompt', (screen) => screen[0]?.startsWith('ready') === true)
  }

  const CASES = [
    ['ksys -c topfiles_b', 'ksys -c topfiles_bytes'],
    ['ksys ui -v procs_e', 'ksys ui -v procs_errors'],
    ['ksys info --dee', 'ksys info --deep'],
    ['ksys evt.type=opena', 'ksys evt.type=openat'],
    ['ksys "proc.name=x and evt.type in (read,epoll_creat', 'ksys "proc.name=x and evt.type in (read,epoll_create'],
    ['ksys -p "%proc.pid %proc.vmsiz', 'ksys -p "%proc.pid %proc.vmsize'],
    ['ksys -r /etc/hostna', 'ksys -r /etc/hostname'],
    ['ksys rules expl', 'ksys rules explain'],
    ['ksys rules sugg', 'ksys rules suggest'],
    ['ksys rules tes', 'ksys rules test'],
    ['ksys rules /etc/hostna', 'ksys rules /etc/hostname'],
    ['ksys rules test /etc/hostna', 'ksys rules test /etc/hostname'],
    ['ksys chisel n', 'ksys chisel new'],
    ['ksys -- mkfif', 'ksys -- mkfifo'],
    ['ksys record --last 60s -- mkfif', 'ksys record --last 60s -- mkfifo'],
    ['ksys record --last 60s -- cat /etc/hostna', 'ksys record --last 60s -- cat /etc/hostname'],
  ] as const

  test('completes in bash, whose COMP_WORDBREAKS are unchanged', async () => {
    t.type('before=$COMP_WORDBREAKS')
    t.keys('Enter')
    await prepare('bash')
    for (const [typed, line] of CASES) await completes(typed, line)
    await isWhole('ksys evt.type=accept4')
    await offersNothing('ksys dump /etc/hostna')
    t.type('[[ $before == "$COMP_WORDBREAKS" ]] && echo un"changed"')
    t.keys('Enter')
    expect(await t.until('the answer', (screen) => screen.some((l) => l.startsWith('unchanged')))).toBeDefined()
  })

  test.skipIf(!has('zsh'))('completes in zsh', async () => {
    t.type("exec env PS1='shell> ' zsh -f")
    t.keys('Enter')
    t.type('autoload -Uz compinit; compinit -u -D')
    t.keys('Enter')
    await prepare('zsh')
    for (const [typed, line] of CASES) await completes(typed, line)
    await isWhole('ksys evt.type=accept4')
    await offersNothing('ksys dump /etc/hostna')
  })
})
