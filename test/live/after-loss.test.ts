// After a loss the state is read again, and a process whose memory never arrives delays nothing.
import { type ChildProcess, type ChildProcessByStdio, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'

const dir = scratchDir('after-loss')

/** Linux's number of the device for servers of FUSE. */
const FUSE = ['c', '10', '229']

/** The arguments with which absent_page.c uses FUSE. */
function inFuse(what: string): string[] {
  const folder = join(dir, 'mounted')
  mkdirSync(folder, { recursive: true })
  let device = '/dev/fuse'
  if (!existsSync(device)) {
    device = join(dir, 'fuse')
    if (!existsSync(device)) execFileSync('mknod', [device, ...FUSE])
  }
  return [what, device, folder]
}

/** The process that runs next to the capture: arguments of absent_page.c. */
const BESIDE: Record<string, (() => string[]) | undefined> = {
  'ordinary processes': undefined,
  'a process with a page in FUSE that nobody brings': () => inFuse('fuse'),
  'a process that keeps its memory locked': () => inFuse('locked'),
  'a process with a page that its userfaultfd does not bring': () => ['userfaultfd'],
}
const LACKING = 77

/** Starts absent_page; undefined if the kernel does not support this. */
async function absentPage(args: string[]): Promise<ChildProcess | undefined> {
  const child = spawn(compile(dir, 'absent_page'), args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const [said] = await Promise.race([once(child.stdout, 'data'), ended])
  if (said === LACKING) return undefined
  expect(String(said)).toBe('ready\n')
  return child
}

describe.skipIf(!privileged())('after a loss', () => {
  test.for(Object.entries(BESIDE))(
    'a process that started meanwhile has all of its data, next to %s',
    { timeout: 120_000 },
    async ([, args], { skip }) => {
      const beside = args && (await absentPage(args()))
      if (args && beside === undefined) return skip('this kernel has nothing of the kind')
      const marker = join(dir, 'marker')
      writeFileSync(marker, '')
      const format = '*%proc.name %proc.pid %proc.ppid %evt.type %proc.cwd %proc.env[MARK] %proc.exepath'
      const capture = spawn(process.execPath, [main, '--buffer', '2m', '-p', format, `fd.name=${marker}`], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const lines: string[] = []
      createInterface(capture.stdout).on('line', (l) => lines.push(l))
      const ended = once(capture, 'close')
      /** Runs it repeatedly until such a line is printed. */
      const until = async (like: RegExp, act: () => void) => {
        for (let i = 0; i < 300 && !lines.some((l) => like.test(l)); i++) {
          act()
          await sleep(100)
        }
        expect(lines.find((l) => like.test(l)) ?? lines.at(-1)).toMatch(like)
      }
      const script = 'exec 9< "$0"; echo; while read -r go; do read -r nothing <&9; done'
      let born: ChildProcessByStdio<Writable, Readable, null> | undefined
      try {
        await until(/^cat /, () => spawnSync('cat', [marker], { timeout: 10_000 }))
        capture.kill('SIGSTOP')
        const fill = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', 'count=100000']
        for (const cpu of cpus().keys()) spawnSync('taskset', ['-c', `${cpu}`, ...fill], { timeout: 60_000 })
        born = spawn('sh', ['-c', script, marker], {
          cwd: dir,
          env: { ...process.env, MARK: 'here' },
          stdio: ['pipe', 'pipe', 'ignore'],
        })
        await once(born.stdout, 'data')
        capture.kill('SIGCONT')
        await until(
          new RegExp(`^sh ${born.pid} ${process.pid} read ${realpathSync(dir)}/ here ${realpathSync('/bin/sh')}$`),
          () => born?.stdin.write('go\n'),
        )
        capture.kill('SIGINT')
        const late = sleep(20_000, 'it still runs', { ref: false })
        expect(await Promise.race([ended, late])).toEqual([0, null])
      } finally {
        born?.kill('SIGKILL')
        // a process that waits for its memory continues when the memory is gone
        beside?.kill('SIGKILL')
        capture.kill('SIGCONT')
        capture.kill('SIGINT')
        await ended
      }
    },
  )
})
