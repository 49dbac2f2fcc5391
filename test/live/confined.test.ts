// The user of a live capture, in every mode: an unprivileged user with few capabilities, whose system calls are filtered.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { ksys, main, privileged, root } from '../helpers/ksys.js'
import { scratchDir, somethingRuns } from '../helpers/live.js'

const NOBODY = 65534
const CAP = { read: 2, kill: 5, ptrace: 19, nice: 23, perfmon: 38, bpf: 39 }
const bit = (cap: number) => 1n << BigInt(cap)

/** The expected user: the account for ksys if it exists, else nobody. */
function user(): [number, number] {
  const account = /^ksys:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return account === null ? [NOBODY, NOBODY] : [Number(account[1]), Number(account[2])]
}

/** A line of /proc/PID/status for each thread of a process. */
function ofThreads(pid: number, name: string): string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((tid) => {
    try {
      const text = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8')
      return [new RegExp(`^${name}:[ \\t]*(.*?)\\s*$`, 'm').exec(text)?.[1] ?? '']
    } catch {
      return [] // it has exited
    }
  })
}

const only = (pid: number, name: string) => [...new Set(ofThreads(pid, name))]

/** The child processes of a process. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
    readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8')
      .split(' ')
      .filter((word) => word !== '')
      .map(Number),
  )
}

async function until(is: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (is()) return
    await sleep(50)
  }
  throw new Error(`30 s have passed: ${what}`)
}

const running: ChildProcess[] = []
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** Runs ksys until it has dropped what it does not need, inspects it, and ends it; returns its exit code. */
async function whileConfined(
  args: readonly string[],
  look: (pid: number) => void | Promise<void>,
): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'], cwd: root })
  running.push(child)
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const ended = new Promise<number | null>((done) => child.on('close', done))
  const pid = child.pid as number
  try {
    await until(() => child.exitCode !== null || only(pid, 'Seccomp').join() === '2', `no filter of calls: ${stderr}`)
    expect([child.exitCode, /not restricted|stays root/.test(stderr)]).toEqual([null, false])
    await look(pid)
  } finally {
    child.kill('SIGINT')
  }
  return ended
}

describe.skipIf(!privileged())('a live capture', () => {
  const dir = scratchDir('confined')
  const rules = join(dir, 'rules.yaml')
  writeFileSync(rules, '- rule: shells\n  desc: d\n  condition: evt.type=execve\n  output: o\n  priority: NOTICE\n')
  const at = (name: string) => join(dir, name)

  const MODES: Record<string, { args: string[]; caps?: number[]; code?: number }> = {
    'that prints': { args: ['-q'] },
    'that writes a file': { args: ['-w', at('one.ksys')], caps: [CAP.nice] },
    'that writes several': { args: ['-w', at('several.ksys'), '-G', '1'], caps: [CAP.nice] },
    'that is partitioned': {
      args: ['--to', 'parquet', '--partition', 'host,hour', '-w', at('parts')],
      caps: [CAP.nice],
    },
    'that is kept in memory': { args: ['record', '--last', '10s', '-w', `${dir}/`], caps: [CAP.nice] },
    'that is counted': { args: ['metrics', '--listen', '127.0.0.1:0'], caps: [CAP.nice] },
    'that rules are asked of': {
      args: ['rules', '-f', rules, '--output', `file=${at('alerts')}`],
      caps: [CAP.nice, CAP.ptrace, CAP.bpf, CAP.perfmon],
    },
    'with stacks': { args: ['-q', '--stacks', 'both', 'evt.type=openat'], caps: [CAP.ptrace] },
    'of a command': { args: ['-w', at('command.ksys'), '--', 'sleep', '1000'], caps: [CAP.nice, CAP.kill], code: 130 },
    'that the UI prints': {
      args: ['ui', '--plain', '--no-config'],
      caps: [CAP.ptrace, CAP.bpf, CAP.perfmon],
    },
  }

  for (const [what, { args, caps = [], code = 0 }] of Object.entries(MODES))
    test(`${what} continues as an unprivileged user in all threads, with a filter of its calls`, async () => {
      const [uid, gid] = user()
      const four = (id: number) => Array.from({ length: 4 }, () => id).join('\t')
      const ended = await whileConfined(args, (pid) => {
        expect(only(pid, 'Uid')).toEqual([four(uid)])
        expect(only(pid, 'Gid')).toEqual([four(gid)])
        expect(only(pid, 'NoNewPrivs')).toEqual(['1'])
        expect(only(pid, 'Seccomp')).toEqual(['2'])
        const kept = [CAP.read, ...caps].reduce((mask, cap) => mask | bit(cap), 0n)
        for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
          expect(only(pid, set).map((hex) => BigInt(`0x${hex}`))).toEqual([kept])
        // the process that creates files has no capability, and makes no other calls
        for (const child of childrenOf(pid)) {
          if (readFileSync(`/proc/${child}/comm`, 'utf8') !== 'ksys files\n') continue
          expect(['CapPrm', 'CapBnd', 'NoNewPrivs', 'Seccomp'].map((name) => only(child, name).join())).toEqual([
            '0'.repeat(16),
            '0'.repeat(16),
            '1',
            '2',
          ])
        }
      })
      expect(ended).toBe(code)
    })

  test('in partitions creates their folders and files as root where the folder is that of root', () => {
    const path = at('of root')
    expect(ksys(['-M', '1', '--to', 'parquet', '--partition', 'host,hour', '-w', path])).toMatchObject({ code: 0 })
    const made = readdirSync(path, { recursive: true }) as string[]
    expect(made.some((name) => name.endsWith('.parquet'))).toBe(true)
    for (const name of made) expect(statSync(join(path, name))).toMatchObject({ uid: 0, gid: 0 })
  })

  test('without names of containers has no supplementary group', async () => {
    await whileConfined(['-q', '--no-container-metadata'], (pid) => expect(only(pid, 'Groups')).toEqual(['']))
  })

  test('has the group of a runtime that only a group may query, and remains root where only root may, which -v reports', async () => {
    const group = 23_456
    const socket = at('runtime.sock')
    const server = createServer()
    await new Promise<void>((done) => server.listen(socket, done))
    try {
      const args = ['-v', '-w', at('named.ksys'), '--docker-host', `unix://${socket}`]
      spawnSync('chown', [`0:${group}`, socket])
      spawnSync('chmod', ['0660', socket])
      await whileConfined(args, (pid) => expect(only(pid, 'Groups')[0]?.split(' ')).toContain(String(group)))
      spawnSync('chmod', ['0600', socket])
      const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
      running.push(child)
      let stderr = ''
      child.stderr.on('data', (data) => {
        stderr += data
      })
      const ended = new Promise((done) => child.on('close', done))
      await until(() => stderr.includes('stays root'), stderr)
      expect(stderr).toContain(`${socket} accepts connections from root only`)
      const pid = child.pid as number
      expect(only(pid, 'Seccomp')).toEqual(['2'])
      expect(BigInt(`0x${only(pid, 'CapPrm')[0]}`)).toBe(bit(CAP.read) | bit(CAP.nice))
      child.kill('SIGINT')
      await ended
    } finally {
      server.close()
    }
  })

  test('that cannot change its user remains root, and reports it with -v; its calls are filtered nevertheless', async () => {
    const four = ['bpf', 'perfmon', 'sys_ptrace', 'dac_read_search'].map((cap) => `+${cap}`).join()
    const sets = ['--bounding-set', '--inh-caps', '--ambient-caps'].map((set) => `${set}=-all,${four}`)
    const wrapped = ['-v', '-n', '20']
    const ran = spawnSync('setpriv', [...sets, process.execPath, main, ...wrapped], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(ran.status).toBe(0)
    expect(ran.stderr).toContain('ksys stays root, without its capabilities: CAP_SETUID and CAP_SETGID are missing')
    expect(ran.stderr).not.toContain('not restricted')
  })
})

/** Whether Node uses io_uring if its variable asks for it. */
function usesIoUring(): boolean {
  const names =
    "fs.readdirSync('/proc/self/task').map((tid) => fs.readFileSync('/proc/self/task/' + tid + '/comm', 'utf8'))"
  const script = `fs.readFile('/proc/self/comm', () => console.log(${names}.join('')))`
  const env = { ...process.env, UV_USE_IO_URING: '1' }
  return /^iou-/m.test(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env }).stdout)
}

describe.skipIf(!privileged())('a capture whose threads cannot drop privileges', () => {
  const limited = 'exec prlimit --sigpending=0 setpriv --bounding-set=-sys_resource "$@"'

  test('ends with a sentence, and does not continue with them', () => {
    const ran = spawnSync('sh', ['-c', limited, 'sh', process.execPath, main, '-q', '-M', '1'], { encoding: 'utf8' })
    expect(ran.status).toBe(3)
    expect(ran.stderr).toMatch(/^ksys: privileges cannot be given up, and ksys ends: .*RLIMIT_SIGPENDING/)
  })

  // depends on Node's version and the kernel
  test.skipIf(!usesIoUring())(
    'as they are threads of an io_uring ends with a sentence, which names the variable that makes Node use it',
    () => {
      const env = { ...process.env, UV_USE_IO_URING: '1' }
      const ran = spawnSync(process.execPath, [main, '-q', '-M', '1'], { encoding: 'utf8', env })
      expect(ran.status).toBe(3)
      expect(ran.stderr).toMatch(/^ksys: privileges cannot be given up, and ksys ends: .*\(iou-.*unset UV_USE_IO_URING/)
    },
  )
})

describe.skipIf(!privileged())('an attacker who controls a capture', () => {
  const dir = scratchDir('taken')
  somethingRuns()

  test('can neither start programs, nor connect, nor write files of root, nor read other processes; the capture continues', async () => {
    const chisel = join(dir, 'taken.mjs')
    const victim = `/etc/ksys-taken-${process.pid}`
    const listening = createServer()
    await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done))
    const { port } = listening.address() as { port: number }
    writeFileSync(
      chisel,
      `import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
const code = (f) => { try { f(); return 'done' } catch (e) { return e.code } }
export default {
  description: 'Tries what it is not to do.', category: 'Misc', fields: { type: 'evt.type' },
  hooks: (c) => {
    let seen = 0, tried = false
    return {
      event() {
        seen++
        if (!tried) {
          tried = true
          c.emit({ program: spawnSync('/bin/true').error?.code })
          c.emit({ file: code(() => writeFileSync(${JSON.stringify(victim)}, 'x')) })
          c.emit({ memory: code(() => readFileSync('/proc/1/mem')) })
          c.emit({ user: code(() => process.setuid(0)) })
          for (const [name, to] of [['host', { port: ${port}, host: '127.0.0.1' }], ['local', { path: '/run/none' }]])
            connect(to).on('error', (e) => c.emit({ [name]: e.code })).on('connect', () => c.emit({ [name]: 'done' }))
        }
      },
      end() { c.emit({ seen }) },
    }
  },
}
`,
    )
    try {
      const ran = ksys(['-j', '-M', '3', '--no-container-metadata', '-c', chisel], { seconds: 60 })
      const said = Object.assign(
        {},
        ...ran.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      )
      expect(ran.code).toBe(0)
      expect(said).toEqual({
        program: 'EPERM',
        file: 'EACCES',
        memory: 'EACCES',
        user: 'EPERM',
        host: 'EPERM',
        local: 'EPERM',
        seen: expect.any(Number),
      })
      expect(said.seen).toBeGreaterThan(20)
      expect(existsSync(victim)).toBe(false)
    } finally {
      listening.close()
      rmSync(victim, { force: true })
    }
  })
})
