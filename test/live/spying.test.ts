// Chisels that show data, over real programs: all that was captured, what was not, and no control characters.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const dir = scratchDir('spying')

describe.skipIf(!privileged())('data that pass through descriptors', () => {
  test("are shown by echo_fds beyond the 80 characters of an event's line", () => {
    const dd = ['dd', 'if=/etc/services', 'of=/dev/null', 'bs=300', 'count=1']
    const ran = ksys(['-c', 'echo_fds', 'fd.name=/etc/services', '--', ...dd])
    const at = ran.stdout.split('\n').findIndex((l) => l.startsWith('------ Read 300B from /etc/services'))
    expect(ran.stdout.split('\n')[at + 1]).toHaveLength(300)
  })

  test('are shown by stdout and stderr when written, without control characters, and with the number of bytes that were not captured', () => {
    const file = join(dir, 'out')
    const script = `{ printf 'one\\033[31mtwo\\r\\nthr\\303\\251\\n'; printf 'bad\\n' >&2; head -c 9000 /dev/zero; } > ${file} 2>&1`
    const ran = ksys(['-c', 'stdout', '-c', 'stderr', `fd.name=${file}`, '--', 'sh', '-c', script])
    expect(ran.stdout.split('\n').slice(0, 3)).toEqual(['one\\x1b[31mtwo', 'thré', 'bad'])
    expect(ran.stderr).toMatch(
      /[1-9]\d* reads? (and|or) writes? transferred more data than was captured; capture with -s/,
    )
  })

  test('are shown by stdout for sendfile too', () => {
    const file = join(dir, 'sent')
    const program = `import os
out = os.open('${file}', os.O_WRONLY | os.O_CREAT); os.dup2(out, 1)
os.sendfile(1, os.open('/etc/services', os.O_RDONLY), 0, 1000)`
    const ran = ksys(['-c', 'stdout', `fd.name=${file}`, '--', 'python3', '-c', program])
    expect([ran.stdout, ran.stderr]).toEqual([
      '',
      expect.stringContaining('1 read or write transferred data that is not recorded'),
    ])
  })

  test('are shown by spy_port for both sides of a port, and reported if they are encrypted', () => {
    const hello = `160301002e${'07'.repeat(46)}`
    const program = `const { createServer, connect } = require('node:net')
const s = createServer((c) => c.on('data', () => c.end('plain'))).listen(18443, '127.0.0.1', () => {
  connect(18443, '127.0.0.1').on('data', () => {}).on('close', () => s.close()).write(Buffer.from('${hello}', 'hex'))
})`
    const ran = ksys(['-c', 'spy_port', '18443', '--', process.execPath, '-e', program])
    const titles = ran.stdout.split('\n').filter((l) => l.startsWith('------'))
    expect(titles.sort()).toEqual(['Read 51B', 'Read 5B', 'Write 51B', 'Write 5B'].map((t) => `------ ${t}`))
    expect(ran.stdout.split('\n').filter((l) => l === 'plain')).toHaveLength(2)
    expect(ran.stderr).toContain('2 reads and writes transferred encrypted data (TLS)')
  })

  test('are shown by spy_syslog and spy_logs as messages and lines, with their source', () => {
    const socket = join(dir, 'dev/log')
    const file = join(dir, 'app.log')
    mkdirSync(join(dir, 'dev'))
    const program = `import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind('${socket}')
c = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); c.connect('${socket}')
c.send(b'<27>daemon: disk \\033[31mgone'); c.send(b'no message')
open('${file}', 'wb').write(b'first\\n\\nthe error \\xff\\r\\n')`
    const ran = ksys(['-c', 'spy_syslog', '-c', 'spy_logs', '--', 'python3', '-c', program])
    const lines = ran.stdout.split('\n').map((l) => l.replace(/\[\d+\]/, '[1]'))
    expect(lines).toEqual(
      expect.arrayContaining([
        'daemon.err python3[1] daemon: disk \\x1b[31mgone',
        `python3 ${file} first`,
        `python3 ${file} the error \\xff`,
      ]),
    )
    expect(lines.filter((l) => l.startsWith(`python3 ${file}`) || l.includes('python3[1]'))).toHaveLength(3)
  })
})

test.skipIf(!privileged())(
  'are shown by shellshock_detect if they are variables that an old bash would run, not functions that bash exports',
  () => {
    const script = `x='() { :;}; echo \\033[31m' bash -c true
y='() { (a)=>\\' sh -c true
f() { { :; }; }; export -f f; z='() { echo; }' bash -c true`
    const ran = ksys(['-j', '-c', 'shellshock_detect', '--', 'bash', '-c', script])
    const found = ran.stdout
      .split('\n')
      .filter((l) => l !== '')
      .map((l) => JSON.parse(l) as Record<string, unknown>)
    expect(found.map((f) => [f.parent, f.variable, f.function])).toEqual([
      ['bash', 'x', '() { :;}; echo \\033[31m'],
      ['bash', 'y', '() { (a)=>\\'],
    ])
  },
)
