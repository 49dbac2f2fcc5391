// A cluster of one pod for tests: a folder with the responses of the stand-in for kubectl, and the plugin that runs with it.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { main, type Ran, root } from '../../helpers/ksys.js'

const STAND_IN = join(root, 'test/unit/kubectl/stand-in.mjs')

/** The output and the exit codes of calls whose words contain this text. */
export type Answers = readonly (readonly [part: string, code: number, stdout: string, stderr: string])[]

export class Cluster {
  readonly dir = mkdtempSync(join(tmpdir(), 'ksys-kube-'))
  private readonly bin = join(this.dir, 'bin')

  constructor() {
    mkdirSync(this.bin)
    symlinkSync(STAND_IN, join(this.bin, 'kubectl'))
    for (const name of ['kubectl-ksys', 'kubectl_complete-ksys']) symlinkSync(main, join(this.bin, name))
  }

  put(name: string, content: string | Buffer = ''): void {
    writeFileSync(join(this.dir, name), content)
  }

  /** Resets everything; the ksys in the pod writes this trace. */
  reset(trace: Buffer): void {
    for (const name of [
      'answers.json',
      'calls',
      'endless',
      'rest',
      'breaks',
      'deaf',
      'messages',
      'written',
      'pod.yaml',
    ])
      rmSync(join(this.dir, name), { force: true })
    this.put('trace', trace)
  }

  answer(answers: Answers): void {
    this.put('answers.json', JSON.stringify(answers))
  }

  /** Words of all calls so far. */
  get calls(): string[][] {
    const path = join(this.dir, 'calls')
    if (!existsSync(path)) return []
    return readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as string[])
  }

  /** The commands that were run in the pod. */
  get executed(): string[] {
    const call = this.calls.find((words) => words.includes('exec')) ?? []
    return call.slice(call.indexOf('--') + 1)
  }

  /** The created pod of ksys; undefined: there is none. */
  get pod(): string | undefined {
    const path = join(this.dir, 'pod.yaml')
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined
  }

  /** Runs the plugin; signals are sent one after the other once the ksys in the pod has written. */
  async run(
    words: readonly string[],
    signals: readonly NodeJS.Signals[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Ran> {
    const child = spawn(process.execPath, [join(this.bin, 'kubectl-ksys'), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, KUBE: this.dir, PATH: `${this.bin}:${process.env.PATH}`, ...env },
      timeout: 60_000,
    })
    const output = { stdout: '', stderr: '' }
    for (const key of ['stdout', 'stderr'] as const)
      child[key].setEncoding('utf8').on('data', (text) => {
        output[key] += text
      })
    const closed = once(child, 'close')
    for (const signal of signals) {
      while (child.exitCode === null && !existsSync(join(this.dir, 'written'))) await sleep(50)
      child.kill(signal)
      await sleep(300)
    }
    const [code] = (await closed) as [number | null]
    return { ...output, code: code ?? -1 }
  }

  /** What completes the last of these arguments of the plugin: the candidates without descriptions, and the directive for the shell. */
  complete(...words: readonly string[]): { readonly candidates: string[]; readonly directive: string } {
    const env = { ...process.env, KUBE: this.dir, PATH: `${this.bin}:${process.env.PATH}` }
    const file = join(this.bin, 'kubectl_complete-ksys')
    const lines = execFileSync(file, words, { encoding: 'utf8', env }).trimEnd().split('\n')
    return { candidates: lines.slice(0, -1).map((line) => line.replace(/\t.*/, '')), directive: lines.at(-1) as string }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}
