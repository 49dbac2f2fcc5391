// Runs the examples of a page in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { main, root } from '../helpers/ksys.js'
import { expectOutput, matched } from './matching.js'
import type { Block, Command } from './page.js'

/** what pages call the folder */
const FOLDER = '/tmp/demo'
/** ms within which each command must end, or print what comes before ^C */
const LIMIT = 90_000
/** ms after which Ctrl-C ends a command of an sh block, as most of them capture until then, and between two */
const ENOUGH = 5000
const AGAIN = 2000

export class PageRun {
  readonly dir = mkdtempSync(join(tmpdir(), 'ksys-docs-'))
  private readonly children: ChildProcess[] = []
  /** of the block that runs */
  private variables: NodeJS.ProcessEnv = {}

  constructor(private readonly path: string) {
    const bin = join(this.dir, '.bin')
    mkdirSync(bin)
    // the tests run as root
    const programs = { ksys: `exec node ${main} "$@"`, sudo: 'exec "$@"' }
    for (const [name, line] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`)
      chmodSync(join(bin, name), 0o755)
    }
    symlinkSync(join(root, 'captures'), join(this.dir, 'captures'))
  }

  /** Output as the page shows it: a terminal shows no CR. */
  private shown(output: string): string {
    return output.replaceAll(this.dir, FOLDER).replaceAll('\r\n', '\n')
  }

  /** A command as it runs. The captures have files of a folder with the same name: commands that read them are left as they are. */
  private typed(command: string): string {
    return command.includes('captures/') ? command : command.replaceAll(FOLDER, this.dir)
  }

  /** Ends what a test has left running, and removes the folder. */
  end(): void {
    for (const child of this.children) signal(child, 'SIGKILL')
    rmSync(this.dir, { recursive: true, force: true })
  }

  /** Writes the block to its file. */
  write(block: Block): void {
    if (block.file === undefined) return
    const file = join(this.dir, block.file)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${block.text}\n`)
  }

  /** Runs a console block with the commands around it. Throws if an output differs. */
  async run(block: Block): Promise<void> {
    const beside: ChildProcess[] = []
    this.variables = Object.fromEntries(block.env.map((v) => /^(\w+)=(.*)$/.exec(this.typed(v))?.slice(1) ?? []))
    try {
      for (const text of block.before) await this.finished(this.start(text), `${this.path}:${block.line}: before`)
      for (const text of block.beside) beside.push(this.start(text).child)
      for (const command of block.commands) {
        const background = /^(.*[^&])&$/s.exec(command.text)?.[1]
        if (background !== undefined) beside.push(await this.started(background))
        else await this.command(command, `${this.path}:${block.line}: ${command.text}`)
      }
    } finally {
      for (const child of beside) await ended(child)
      for (const text of block.after) await this.finished(this.start(text), `${this.path}:${block.line}: after`)
    }
  }

  /** Runs the lines of an sh block one after the other, each until it ends or for some seconds. Throws if one fails. */
  async runLines({ lines, before, after, line: at }: Block, notRun: Readonly<Record<string, string>>): Promise<void> {
    this.variables = {}
    for (const text of before) await this.finished(this.start(text), `${this.path}:${at}: before`)
    for (const line of lines.filter((l) => notRun[l] === undefined)) {
      const where = `${this.path}:${at}: ${line}`
      const run = this.start(line)
      await until(run.done, ENOUGH)
      const presses = setInterval(() => signal(run.child, 'SIGINT'), AGAIN)
      await this.finished(run, where).finally(() => clearInterval(presses))
      if (run.child.signalCode !== 'SIGINT') succeeded(run, where)
    }
    for (const text of after) await this.finished(this.start(text), `${this.path}:${at}: after`)
  }

  /** Starts a command that runs in the background; a recorder needs some time until it records. */
  private async started(text: string): Promise<ChildProcess> {
    const { child, output } = this.start(text)
    if (/\bksys\b/.test(text)) await until(() => /\n/.test(output.text) || child.exitCode !== null, 10_000)
    return child
  }

  private async command({ text, privileged, expected }: Command, where: string): Promise<void> {
    const loose = !text.includes('captures/')
    const interrupt = expected.indexOf('^C')
    const lines = expected.filter((_, i) => i !== interrupt)
    const run = this.start(text)
    const printed = () => {
      const shown = this.shown(run.output.text)
      return privileged ? withoutNotes(shown, lines) : shown
    }
    if (interrupt >= 0) {
      const before = expected.slice(0, interrupt)
      await until(() => matched(before, linesOf(printed()), loose, false) === before.length || run.done(), LIMIT)
      signal(run.child, 'SIGINT')
    }
    await this.finished(run, where)
    // a live command whose page shows no message of ksys or of the program that it runs must not fail
    const program = / -- (\S+)/.exec(text)?.[1] ?? 'ksys'
    const messages = expected.some((line) => line.startsWith('ksys: ') || line.startsWith(`${program}: `))
    const mustSucceed = privileged && interrupt < 0 && !messages
    if (mustSucceed || expected.length === 0) succeeded(run, where)
    if (expected.length > 0) expectOutput(where, lines, printed(), loose)
  }

  private start(text: string) {
    const output = { text: '' }
    const env = {
      ...process.env,
      PATH: `${join(this.dir, '.bin')}:${process.env.PATH}`,
      HOME: this.dir,
      XDG_CONFIG_HOME: join(this.dir, '.config'),
      TZ: 'UTC',
      LC_ALL: 'C.UTF-8',
      NODE_EXTRA_CA_CERTS: '',
      CHECKOUT: root,
      ...this.variables,
    }
    const child = spawn('bash', ['-c', this.typed(text)], {
      cwd: this.dir,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.children.push(child)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (d: Buffer) => (output.text += d.toString()))
    let done = false
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
    void closed.then(() => {
      done = true
    })
    return { child, output, closed, done: () => done }
  }

  private async finished(run: ReturnType<PageRun['start']>, where: string): Promise<void> {
    const timer = setTimeout(() => signal(run.child, 'SIGKILL'), LIMIT)
    await run.closed
    clearTimeout(timer)
    if (run.child.signalCode === 'SIGKILL')
      throw new Error(`${where}: did not end in ${LIMIT / 1000} s.\nPrinted:\n${run.output.text}`)
  }
}

/** The output without notes of ksys about the machine that the page does not show, such as a slow start. */
const withoutNotes = (output: string, expected: readonly string[]): string =>
  output.replace(/^ksys: .*\n/gm, (note) =>
    expected.some((line) => matched([line], [note.trimEnd()], true) === 1) ? note : '',
  )

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1)

/** Sends a signal to the command and what it started. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), name)
  } catch {
    // it has ended
  }
}

/** Asserts that a command whose output the page does not show ended with exit code 0. */
function succeeded({ child, output }: { child: ChildProcess; output: { text: string } }, where: string): void {
  if (child.exitCode !== 0) throw new Error(`${where}: exit code ${child.exitCode}.\nPrinted:\n${output.text}`)
}

/** Ends a command of the background: as Ctrl-C, then by force. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const closed = new Promise((resolve) => child.once('close', resolve))
    signal(child, 'SIGINT')
    const timers = [
      setTimeout(() => signal(child, 'SIGTERM'), 5000),
      setTimeout(() => signal(child, 'SIGKILL'), 20_000),
    ]
    await closed
    for (const timer of timers) clearTimeout(timer)
  }
  signal(child, 'SIGKILL')
}

async function until(condition: () => boolean, ms: number): Promise<void> {
  for (const end = Date.now() + ms; !condition() && Date.now() < end; ) await new Promise((r) => setTimeout(r, 20))
}
