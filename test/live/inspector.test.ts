// No signal opens Node's inspector, through whose port any user of the machine could run code as root: every mode of ksys gets signals
// from its first moment on, whatever NODE_OPTIONS contains.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { handles, listening, mapped, opened, Signalled } from '../helpers/inspector.js'
import { main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

/** Each inspector has a port of its own, so that none fails to open because of another. */
const NODE_OPTIONS = ['--inspect-port=0', '--inspect=127.0.0.1:0']
const NOTHING = 'proc.name=no-such-program'
const web = `${root}captures/web.ksys`
/** Responds as a cluster with a pod does, whose ksys writes a trace until its input ends. */
const KUBECTL = `#!/bin/sh
case "$*" in
  *'get node'*) echo node/node-1 ;;
  *create* | *'get pod'*)
    echo '{"metadata":{"name":"x","namespace":"ksys"},"spec":{"nodeName":"node-1"},"status":
      {"phase":"Running","containerStatuses":[{"state":{"running":{"startedAt":"now"}}}]}}' ;;
  *exec*) cat '${web}' - ;;
esac
`

interface Mode {
  readonly args: readonly string[]
  /** the output that shows that it has started; without it the command ends by itself */
  readonly hasStarted?: (pids: readonly number[], run: Signalled) => boolean
  readonly file?: string
  readonly env?: NodeJS.ProcessEnv
  /** whether a trace is on standard input, which remains open */
  readonly input?: boolean
}

describe.skipIf(!privileged()).concurrent('the inspector stays shut', () => {
  const dir = privileged() ? scratchDir('inspector') : ''
  const path = (name: string) => join(dir, name)
  const captures = (pids: readonly number[]) => pids.some((p) => opened(p).some((to) => to.includes('bpf-prog')))
  const reads = (pids: readonly number[]) => pids.some((p) => mapped(p).includes('ksys.node'))

  const rules = path('rules.yaml')
  const bin = path('bin')
  if (privileged()) {
    writeFileSync(rules, `- rule: none\n  desc: none\n  condition: ${NOTHING}\n  output: none\n  priority: DEBUG\n`)
    mkdirSync(bin)
    mkdirSync(path('recorded'))
    symlinkSync(main, join(bin, 'kubectl-ksys'))
    writeFileSync(join(bin, 'kubectl'), KUBECTL)
    chmodSync(join(bin, 'kubectl'), 0o755)
  }

  const modes: Record<string, Mode> = {
    'a capture': { args: [NOTHING], hasStarted: captures },
    'a capture into a file': { args: ['-w', path('written.ksys'), NOTHING], hasStarted: captures },
    'a read of standard input': { args: ['-r', '-'], hasStarted: reads, input: true },
    'a copy of standard input': { args: ['-r', '-', '-w', path('copied.ksys')], hasStarted: reads, input: true },
    'the terminal UI with its runner of actions': {
      file: 'script',
      args: ['-qec', `${main} ui --actions --no-config`, '/dev/null'],
      hasStarted: (pids, { said }) => captures(pids) && said.includes('Quit'),
      env: { TERM: 'xterm', SHELL: '/bin/sh' },
    },
    'the UI as text': { args: ['ui', '--plain', '--no-config', NOTHING], hasStarted: captures },
    metrics: {
      args: ['metrics', '--listen', '127.0.0.1:0', NOTHING],
      hasStarted: (_, { said }) => /:\d+\/metrics/.test(said),
    },
    rules: { args: ['rules', '-f', rules], hasStarted: captures },
    'a recorder': {
      args: ['record', '--last', '1s', '-w', path('recorded/'), NOTHING],
      hasStarted: (_, { said }) => said.includes('recording to memory'),
    },
    'a runner of actions': {
      args: ['action-runner', '{}'],
      hasStarted: (pids) => pids.some((p) => handles(p, 'SIGQUIT')),
    },
    'the plugin of kubectl': {
      file: join(bin, 'kubectl-ksys'),
      args: ['node-1'],
      hasStarted: reads,
      env: { PATH: `${bin}:${process.env.PATH}` },
    },
    info: { args: ['info', web] },
    help: { args: ['--help'] },
  }

  const all = Object.entries(modes).flatMap(([name, mode]) => NODE_OPTIONS.map((options) => ({ name, options, mode })))
  test.for(all)('$name, NODE_OPTIONS=$options', async ({ options, mode }, { onTestFinished }) => {
    const { file = main, args, hasStarted: begun, env, input } = mode
    const run = new Signalled(file, args, {
      env: { ...process.env, ...env, NODE_OPTIONS: options },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    })
    onTestFinished(() => run.end())
    if (input === true) run.child.stdin?.write(readFileSync(web))
    const runs = await run.usr1Until((pids) => begun?.(pids, run) ?? false)
    expect(runs, run.said).toBe(begun !== undefined)
    await run.end()
    const declared = Number(/:(\d+)\/metrics/.exec(run.said)?.[1])
    expect([...run.ports].filter((port) => port !== declared)).toEqual([])
  })

  test('one that was opened for `node main.js` is closed before events arrive', async ({ onTestFinished }) => {
    const env = { ...process.env, NODE_OPTIONS: '--inspect=127.0.0.1:0' }
    // Node opens it with these options; ksys may be faster than its thread
    expect(spawnSync(process.execPath, ['-e', '0'], { env, encoding: 'utf8' }).stderr).toContain('Debugger listening')
    const run = new Signalled(process.execPath, [main, '-r', '-'], { env })
    onTestFinished(() => run.end())
    run.child.stdin?.write(readFileSync(web))
    expect(await run.usr1Until(reads), `${run.child.signalCode} ${run.child.exitCode} ${run.said}`).toBe(true)
    for (let i = 0; i < 1200 && listening(run.pids).length > 0; i++) await sleep(50)
    expect(listening(run.pids)).toEqual([])
  })
})
