// Trials of seccomp profiles: a workload runs in a container of one runtime, is recorded, and runs again under the profile.
import { execFileSync, spawnSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { expect } from 'vitest'
import { ksys, root } from '../helpers/ksys.js'
import { Capture } from './capture.js'
import { freePort, type Oci, Runtime, WEB_IMAGE } from './runtimes.js'
import { type Load, mountsOf, type Workload } from './workloads.js'

/** The calls that attack.c attempts, in its order. */
export const ATTACKS = ['mount', 'ptrace', 'unshare', 'setns', 'keyctl', 'bpf', 'kexec_load', 'socket']
const EPERM = 1
/** What attack.c prints if all of them are refused. */
export const ALL_REFUSED = ATTACKS.map((name) => `${name} ${EPERM}`).join('\n')

/** Where containers run. */
export interface Setting {
  readonly runtime: 'docker' | 'podman' | 'containerd'
  readonly oci: Oci
  /** --security-opt no-new-privileges: the runtime then loads the filter last */
  readonly noNewPrivs: boolean
}

/** A call that `ksys advise heal -j` prints. */
export interface Missing {
  readonly name: string
  readonly program: string
  readonly fallback: boolean
  readonly add: boolean
  /** answered with ENOSYS, as the profile says */
  readonly absent: boolean
}

export const settingName = ({ runtime, oci, noNewPrivs }: Setting): string =>
  `${runtime}, ${oci}${noNewPrivs ? ', no-new-privileges' : ''}`

export class Trial {
  private constructor(
    readonly runtime: Runtime,
    readonly dir: string,
    private readonly setting: Setting,
    private readonly attack: string,
  ) {}

  /** Starts the runtime, and compiles the program that attacks. */
  static up(setting: Setting, dir: string): Trial {
    const attack = join(dir, 'attack')
    execFileSync('cc', ['-static', '-O1', '-o', attack, join(root, 'test/container/attack.c')])
    return new Trial(Runtime.up(setting.runtime, setting.oci), dir, setting, attack)
  }

  /** The name of a workload's container, which no other test has. */
  called({ name }: Workload): string {
    return `${name}-${basename(this.runtime.dir)}`
  }

  down(): void {
    this.runtime.down()
  }

  /** Runs a load of a workload to its end; its output. `within` is called while a server runs. */
  async run(w: Workload, load: Load, profile?: string, within: () => Promise<void> | void = () => {}): Promise<string> {
    const port = await freePort()
    const words = this.words(w, w.command(port, load), profile)
    if (w.query === undefined) return this.output(w, words)
    this.runtime.cli('run', '-d', ...words)
    try {
      const answer = await w.query(port, load).catch((e) => {
        throw new Error(`${e}: ${this.runtime.cli('logs', this.called(w))}`)
      })
      await within()
      return answer
    } finally {
      this.runtime.cli('stop', '-t', '5', this.called(w))
      this.runtime.cli('rm', '-f', this.called(w))
    }
  }

  /** What follows `run`: options, the image and the command. */
  private words(w: Workload, command: readonly string[], profile: string | undefined): string[] {
    const { runtime, noNewPrivs } = this.setting
    const mounts = [...mountsOf(w, this.dir), [this.attack, '/attack'] as const]
    if (runtime === 'containerd')
      return [
        ...['--rm', '--net-host', '--runc-binary', '/usr/sbin/runc', '--seccomp'],
        ...(profile === undefined ? [] : ['--seccomp-profile', profile]),
        ...(noNewPrivs ? [] : ['--allow-new-privs']),
        ...mounts.flatMap(([here, there]) => ['--mount', `type=bind,src=${here},dst=${there},options=rbind:ro`]),
        ...[WEB_IMAGE, this.called(w), ...command],
      ]
    return [
      ...['--name', this.called(w), '--network=host'],
      ...mounts.flatMap(([here, there]) => ['-v', `${here}:${there}:ro`]),
      ...(w.options ?? []),
      ...(profile === undefined ? [] : ['--security-opt', `seccomp=${profile}`]),
      ...(noNewPrivs ? ['--security-opt', 'no-new-privileges'] : []),
      ...[WEB_IMAGE, ...command],
    ]
  }

  /** Runs a command in a container, which is then removed; its output. */
  private output(w: Workload, words: readonly string[]): string {
    const spawned = (...all: string[]) => {
      const [file, ...args] = this.runtime.command(...all)
      return spawnSync(file as string, args, { env: this.runtime.env, encoding: 'utf8' })
    }
    const remove = () =>
      this.setting.runtime === 'containerd'
        ? spawned('containers', 'rm', this.called(w))
        : spawned('rm', '-f', this.called(w))
    const { status, stdout, stderr } = spawned('run', ...words)
    if (status !== 0) {
      // one that could not start may remain
      remove()
      return `${stdout}exit code ${status}: ${stderr}`
    }
    if (this.setting.runtime === 'containerd') return stdout
    // docker sometimes attaches to a short container too late to see its output, or its log lacks it
    const logged = spawned('logs', this.called(w)).stdout
    remove()
    return logged.length < stdout.length ? stdout : logged
  }

  /** Runs a server, restarts it and runs it again, or runs a command twice; both outputs. */
  async twice(w: Workload, load: Load, profile: string): Promise<string[]> {
    if (w.query === undefined) return [await this.run(w, load, profile), await this.run(w, load, profile)]
    const { query } = w
    let again = ''
    const port = await freePort()
    const fixed: Workload = { ...w, command: (_, l) => w.command(port, l), query: (_, l) => query(port, l) }
    const first = await this.run(fixed, load, profile, async () => {
      this.runtime.cli('restart', '-t', '5', this.called(w))
      again = await query(port, load)
    })
    return [first, again]
  }

  /** Records what happens in the workload's container; the trace. */
  async recorded(name: string, w: Workload, action: () => Promise<unknown>): Promise<string> {
    const trace = join(this.dir, `${name}.ksys`)
    const capture = await Capture.into(trace, [...this.runtime.options, `container.name=${this.called(w)}`])
    await action()
    await capture.stop()
    return trace
  }

  /** The enforcing profile for a workload, made from a trace; the file, and the text about it. */
  profileOf(w: Workload, trace: string): { readonly file: string; readonly text: string } {
    const file = join(this.dir, `${w.name}.json`)
    const made = ksys(['advise', 'seccomp', `container.name=${this.called(w)}`, '-r', trace, '--enforce', '-w', file])
    expect(made.code, made.stderr).toBe(0)
    expect(made.stderr).toMatch(new RegExp(`1 start by ${this.setting.oci}, with a filter`))
    return { file, text: made.stderr }
  }
}

/** The calls that a profile lacks. */
export function missing(profile: string, trace: string, ...filter: string[]): Missing[] {
  const { stdout, stderr, code } = ksys(['advise', 'heal', profile, '-j', '-r', trace, ...filter])
  expect(code, stderr).toBe(0)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Missing)
}
