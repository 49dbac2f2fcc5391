// Chisels with real programs: HTTP between processes, shells, sockets and descriptors, commands and files.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'

const dir = scratchDir('chisels')
const programs = join(root, 'test/live/programs')

type Row = Record<string, unknown>

/** The output of a chisel with -j while the command ran. */
function rows(chisel: readonly string[], command: readonly string[] = []): Row[] {
  const ran = ksys(['-j', '-c', ...chisel, ...(command.length > 0 ? ['--', ...command] : [])], { seconds: 30 })
  expect(ran.stderr).not.toContain('failed and was stopped')
  return ran.stdout
    .split('\n')
    .filter((l) => l.startsWith('{'))
    .map((l) => JSON.parse(l) as Row)
}

describe.skipIf(!privileged())('HTTP between two processes', () => {
  const asked = [
    ['GET', '/plain?a=1', 200],
    ['GET', '/chunked', 200],
    ['HEAD', '/plain', 200],
    ['GET', '/large', 200],
    ['POST', '/upload', 200],
    ['PUT', '/upload', 200],
    ['GET', '/packed', 200],
    ['GET', '/missing', 404],
    ['GET', '/nothing', 204],
    ['GET', '/pipelined/1', 200],
    ['GET', '/pipelined/2', 200],
    ['GET', '/pipelined/3', 200],
  ] as const
  const node = [process.execPath, join(programs, 'http.mjs')]

  test('httplog has each request once for the client and once for the server', () => {
    const seen = rows(['httplog'], node)
    for (const direction of ['>', '<']) {
      const side = seen.filter((r) => r.direction === direction)
      expect(side.map((r) => [r.method, String(r.url).replace(/^[^/]*/, ''), r.response_code])).toEqual(asked)
    }
    expect(new Set(seen.filter((r) => r.direction === '>').map((r) => r.pid)).size).toBe(1)
    expect(seen.every((r) => Number(r.latency) >= 0)).toBe(true)
  })

  test('http has every message completely: bodies counted, joined, decompressed', () => {
    const seen = rows(['http'], node)
    for (const side of ['client', 'server']) {
      const requests = seen.filter((r) => r.side === side && r.kind === 'request')
      expect(requests.map((r) => [r.method, r.target])).toEqual(asked.map(([method, target]) => [method, target]))
      expect(requests.map((r) => r.bytes)).toEqual([0, 0, 0, 0, 200_000, 6, 0, 0, 0, 0, 0, 0])
      expect(requests[5]?.body).toBe('waited')
      const answers = seen.filter((r) => r.side === side && r.kind === 'response' && Number(r.status) >= 200)
      expect(answers.map((r) => r.request)).toEqual(asked.map(([method, target]) => `${method} ${target} HTTP/1.1`))
      expect(answers.every((r) => r.complete)).toBe(true)
      expect(answers.map((r) => r.body).filter((b) => !String(b).startsWith('L'))).toEqual([
        'you asked for /plain?a=1',
        'first piece\nsecond piece',
        '',
        'got 200000',
        'got 6',
        'unpacked text',
        'no such thing',
        '',
        ...[1, 2, 3].map((n) => `you asked for /pipelined/${n}`),
      ])
      expect(answers[3]).toMatchObject({ bytes: 300_000 })
    }
  })

  test('fields have each response once for both sides, with its request', () => {
    const output = '%http.side %http.method %http.path %http.status %http.latency'
    // several that one call transfers are one event
    const filter = 'http.kind=response and not http.path startswith /pipelined'
    const ran = ksys(['-s', '1024', '-p', output, filter, '--', ...node], { seconds: 30 })
    const seen = ran.stdout
      .trimEnd()
      .split('\n')
      .map((l) => l.split(' '))
    const meant = asked.slice(0, 9).map(([method, target, status]) => [method, target.replace(/\?.*/, ''), `${status}`])
    for (const side of ['client', 'server'])
      expect(seen.filter((l) => l[0] === side).map((l) => l.slice(1, 4))).toEqual(meant)
    expect(seen.every((l) => Number(l[4]) > 0)).toBe(true)
  })

  test('httptop sums them', () => {
    const tables = rows(['httptop', 'by=bytes'], node)
    const cells = tables.flatMap((t) => t.data as { url: string; bytes: number }[])
    const bytes = cells.filter((c) => c.url.endsWith('/large')).reduce((n, c) => n + c.bytes, 0)
    expect(bytes).toBe(600_000)
  })

  test.each(['tcp', 'unix'])('sendfile, writev, readv, sendmsg and recvmsg over %s are followed', (kind) => {
    const file = join(dir, 'body')
    writeFileSync(file, 'f'.repeat(150_000))
    const seen = rows(['http'], [compile(dir, 'http_calls'), kind, file])
    const answers = seen.filter((r) => r.kind === 'response')
    expect(answers.map((r) => [r.side, r.request, r.status, r.bytes, r.complete])).toEqual(
      expect.arrayContaining(
        ['client', 'server'].flatMap((side) => [
          [side, 'GET /file HTTP/1.1', 200, 150_000, true],
          [side, 'GET /second HTTP/1.1', 202, 6, true],
        ]),
      ),
    )
    expect(answers).toHaveLength(4)
  })
})

describe.skipIf(!privileged())('the current state', () => {
  test('lsof has the descriptors of a process that /proc has', async () => {
    const file = join(dir, 'open')
    writeFileSync(file, '')
    const sleeper = spawn('sh', ['-c', `exec 7<${file} 8>>/dev/null; exec sleep 1000`], { stdio: 'ignore' })
    const links = `/proc/${sleeper.pid}/fd`
    const deadline = Date.now() + 20_000
    // it has loaded its libraries when it sleeps
    const asleep = () => / \(sleep\) S /.test(readFileSync(`/proc/${sleeper.pid}/stat`, 'utf8'))
    while (!asleep() && Date.now() < deadline) await sleep(20)
    await sleep(100)
    const wanted = readdirSync(links).map((n) => ({ fd: Number(n), name: readlinkSync(`${links}/${n}`) }))
    const seen = rows(['lsof', `proc.pid=${sleeper.pid}`])
    sleeper.kill()
    expect(wanted.map((w) => w.fd)).toEqual(expect.arrayContaining([0, 1, 2, 7, 8]))
    expect(seen.map(({ fd, name }) => ({ fd, name }))).toEqual(wanted.sort((x, y) => x.fd - y.fd))
  })

  test('netstat has listening and connected sockets, over IPv4 and IPv6', async () => {
    const wanted: Record<string, string>[] = []
    const servers = await Promise.all(
      ['127.0.0.1', '::1'].map(
        (host) =>
          new Promise<ReturnType<typeof createServer>>((done) => {
            const s = createServer(() => {}).listen(0, host, () => done(s))
          }),
      ),
    )
    for (const s of servers) {
      const a = s.address() as { address: string; port: number }
      wanted.push({ proto: 'tcp', server: `${a.address}:${a.port}`, state: 'LISTEN' })
    }
    const pairs = await Promise.all(
      servers.map(
        (s) =>
          new Promise<Socket>((done) => {
            const { address, port } = s.address() as { address: string; port: number }
            const c = connect(port, address, () => done(c))
          }),
      ),
    )
    for (const c of pairs)
      wanted.push({
        proto: 'tcp',
        server: `${c.remoteAddress}:${c.remotePort}`,
        client: `${c.localAddress}:${c.localPort}`,
        state: 'ESTABLISHED',
      })
    const udp = createSocket('udp4')
    await new Promise<void>((done) => udp.bind(0, '127.0.0.1', () => done()))
    wanted.push({ proto: 'udp', server: `127.0.0.1:${udp.address().port}`, state: 'LISTEN' })
    const seen = rows(['netstat', `proc.pid=${process.pid}`])
    udp.close()
    for (const c of pairs) c.destroy()
    for (const s of servers) s.close()
    // Node has several threads, which share their descriptors
    for (const w of wanted) {
      const same = seen.filter((row) => Object.entries(w).every(([key, value]) => row[key] === value))
      // both ends of a connection are this process's
      const ends = w.state === 'ESTABLISHED' ? 2 : 1
      expect(same, w.server).toMatchObject(Array(ends).fill({ tid: process.pid, pid: process.pid }))
    }
  })

  test('ps has this process with its memory and user', () => {
    const seen = rows(['ps', `proc.pid=${process.pid}`])
    expect(seen.map((r) => String(r.tid)).sort()).toEqual(
      expect.arrayContaining([String(process.pid), ...readdirSync('/proc/self/task').slice(0, 2)]),
    )
    const main = seen.find((r) => r.tid === process.pid)
    expect(Number(main?.virt)).toBeGreaterThan(1 << 20)
    expect(Number(main?.fdlimit)).toBe(
      Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]),
    )
  })

  test('is shown at once, also for an idle process', () => {
    const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' })
    const seen = rows(['ps', `proc.pid=${sleeper.pid}`])
    sleeper.kill()
    expect(seen).toMatchObject([{ tid: sleeper.pid, cmd: 'sleep' }])
  })
})

describe.skipIf(!privileged())('activity', () => {
  test('spy_users shows commands and directories below the shell, indented where shells start', () => {
    const inner = join(dir, 'inner.sh')
    writeFileSync(inner, '#!/bin/sh\ncd /\n/bin/echo inside\n', { mode: 0o755 })
    const seen = rows(['spy_users'], ['sh', '-c', `cd ${dir}; ls; sh ${inner}; ls -a; :`])
    const commands = seen.map((r) => [r.depth, r.command])
    const level = commands[1]?.[0] as number
    expect(commands.slice(1)).toEqual([
      [level, `cd ${dir}`],
      [level, 'ls'],
      [level, `sh ${inner}`],
      [level + 1, 'cd /'],
      [level + 1, '/bin/echo inside'],
      [level, 'ls -a'],
    ])
    expect(new Set(seen.map((r) => r.shell)).size).toBe(1)
  })

  test('execsnoop shows programs with their arguments, and those that could not be run', () => {
    const seen = rows(['execsnoop'], ['sh', '-c', '/no/such/program with arguments; /bin/echo done'])
    expect(seen).toContainEqual(
      expect.objectContaining({ ret: -2, error: 'ENOENT', command: '/no/such/program with arguments' }),
    )
    expect(seen).toContainEqual(expect.objectContaining({ ret: 0, command: '/bin/echo done' }))
  })

  test('execsnoop end shows how programs ended', () => {
    const seen = rows(['execsnoop', 'end'], ['sh', '-c', 'sleep 0.05; sh -c "kill -9 \\$\\$"; /bin/false; :'])
    const how = (command: string) => seen.find((r) => String(r.command).startsWith(command))
    expect(how('sleep')).toMatchObject({ code: '0' })
    expect(Number(how('sleep')?.duration)).toBeGreaterThan(50_000_000)
    expect(how('sh -c kill')).toMatchObject({ code: 'SIGKILL' })
    expect(how('/bin/false')).toMatchObject({ code: '1' })
  })

  test('opensnoop shows opened and missing files', () => {
    const there = join(dir, 'there')
    writeFileSync(there, '')
    const seen = rows(['opensnoop'], ['cat', there, join(dir, 'not there')])
    expect(seen).toContainEqual(expect.objectContaining({ comm: 'cat', fd: 3, path: there }))
    expect(seen).toContainEqual(expect.objectContaining({ comm: 'cat', error: 'ENOENT', path: join(dir, 'not there') }))
  })

  test('echo_fds shows the data of a pipe on both sides, without control characters', () => {
    const ran = ksys([
      '-c',
      'echo_fds',
      'fd.type=pipe',
      '--',
      'sh',
      '-c',
      "printf 'one\\033[31mtwo\\n' | cat > /dev/null",
    ])
    const lines = ran.stdout.trimEnd().split('\n')
    expect(lines.filter((l) => l === 'one.[31mtwo.')).toHaveLength(2)
    expect(lines.filter((l) => /^------ (Write|Read) 12B /.test(l))).toHaveLength(2)
    expect(ran.stdout).not.toContain('\u001b')
  })
})

test.skipIf(!privileged())('encrypted connections are reported if nothing else was captured', async () => {
  const hello = Buffer.from([0x16, 3, 1, 0, 50, 1, 0, 0, 46, 3, 3, ...Array.from({ length: 44 }, () => 7)])
  const program = `const { createServer, connect } = require('node:net')
const s = createServer((c) => c.on('data', () => c.end())).listen(0, '127.0.0.1', () => {
  connect(s.address().port, '127.0.0.1').on('close', () => s.close()).end(Buffer.from('${hello.toString('hex')}', 'hex'))
})`
  const ran = ksys(['-c', 'httplog', '--', process.execPath, '-e', program])
  expect(ran.stdout).toBe('')
  expect(ran.stderr).toContain('1 encrypted connection (TLS) started')
})

test.skipIf(!privileged())('with a filter on sockets, data of other descriptors are not even recorded', () => {
  const dd = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=64', 'count=20000']
  const captured = (filter: string) => {
    const ran = ksys(['-v', '-q', filter, '--', ...dd])
    return Number(/events: ([\d,]+) captured/.exec(ran.stderr)?.[1]?.replaceAll(',', ''))
  }
  expect(captured('evt.is_io=true and fd.type in (ipv4, ipv6)')).toBeLessThan(2000)
  expect(captured('evt.is_io=true and fd.type in (ipv4, file)')).toBeGreaterThan(40_000)
})
