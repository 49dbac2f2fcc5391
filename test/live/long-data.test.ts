// Data of single calls beyond the 64 KB that fit into a row: real calls, whose data ksys records to the last byte.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'
import { readPcapng } from '../helpers/pcapng.js'

/** Bytes such that any shifted byte is detected. */
const PATTERN = `def text(n): return b''.join(b'%07d\\n' % i for i in range(n // 8 + 1))[:n]`
const text = (n: number) =>
  Array.from({ length: Math.ceil((n + 1) / 8) }, (_, i) => `${String(i).padStart(7, '0')}\n`)
    .join('')
    .slice(0, n)

describe.skipIf(!privileged())('calls that transfer more than 64 KB', () => {
  const dir = scratchDir('long')
  const trace = join(dir, 't.ksys')
  const SIZES = [60_000, 60_001, 65_536, 102_400, 1 << 20]
  const program = join(dir, 'program.py')
  writeFileSync(
    program,
    `import os, socket, threading
${PATTERN}
fd = os.open('${join(dir, 'file')}', os.O_RDWR | os.O_CREAT, 0o600)
for n in ${JSON.stringify(SIZES)}: os.write(fd, text(n))
whole = text(300000)
assert os.writev(fd, [whole[:50000], whole[50000:50010], whole[50010:]]) == 300000
os.write(fd, text(2 << 20))
f = os.open('${join(dir, 'served')}', os.O_RDWR | os.O_CREAT, 0o600)
os.write(f, whole)
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
def client():
    c = socket.create_connection(s.getsockname())
    c.send(b'GET')
    got = b''
    while len(got) < 300000: got += c.recv(1 << 20)
t = threading.Thread(target=client); t.start()
a = s.accept()[0]
a.recv(10)
sent = 0
while sent < 300000: sent += os.sendfile(a.fileno(), f, sent, 300000 - sent)
t.join()
`,
  )
  const run = (...options: string[]) => ksys([...options, '--', 'python3', program])

  beforeAll(() => {
    const ran = run('-s', '1048576', '-w', trace)
    expect([ran.code, ran.stderr]).toEqual([0, ''])
  }, 240_000)

  const written = (file: string, filter: string) =>
    readRows(file, ['evt.rawres', 'evt.rawarg.data'], [filter], ['-b']).map((r) => [
      Number(r['evt.rawres']),
      Buffer.from(String(r['evt.rawarg.data']), 'base64').toString(),
    ]) as [number, string][]

  test('have all of their data recorded, up to 1 MiB', () => {
    const found = written(trace, `evt.type in (write, writev) and fd.name=${join(dir, 'file')}`)
    expect(found.map(([n]) => n)).toEqual([...SIZES, 300_000, 2 << 20])
    for (const [n, data] of found) expect(data === text(Math.min(n, 1 << 20)), `${n}`).toBe(true)
  })

  test('have all of their data with stacks, too', () => {
    const stacks = join(dir, 'stacks.ksys')
    expect(run('-s', '200000', '--stacks', 'user', '-w', stacks).code).toBe(0)
    const found = written(stacks, `evt.type=write and fd.name=${join(dir, 'file')}`)
    for (const [n, data] of found) expect(data === text(Math.min(n, 200_000)), `${n}`).toBe(true)
    const [row] = readRows(stacks, ['evt.stack'], ['evt.rawres=102400'])
    expect(row?.['evt.stack']).toBeTruthy()
  })

  test('give packets for a file sent with sendfile that contain what its reader received', () => {
    const file = join(dir, 'served.pcapng')
    expect(ksys(['-r', trace, '-w', file]).code).toBe(0)
    const { packets } = readPcapng(readFileSync(file))
    const got = packets
      .filter((p) => p.dataLength > 0 && p.data.toString() !== 'GET')
      .map((p) => p.data.toString('latin1'))
    expect(got.join('').length).toBe(300_000)
    expect(got.join('') === text(300_000)).toBe(true)
  })

  test('that failed have as much data as they were given', () => {
    const file = join(dir, 'failed.ksys')
    const program = `import os
${PATTERN}
b = text(100000)
for pieces in 22 * [[b[:50000], b[50000:60000]]] + [[b[:60000], b[60000:70000]], [b[:60000], b[60000:]]]:
    try: os.writev(99, pieces)
    except OSError: pass`
    // a CPU's part of the buffer has space for all of this, but not for the maximum of another call next to it
    const ran = ksys([
      ...['--buffer', '1m', '-s', '1048576', '-w', file],
      ...['evt.type=writev and fd.num=99', '--', 'python3', '-c', program],
    ])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const found = written(file, 'evt.type=writev').map(([, data]) => data)
    expect(found.map((data) => data.length)).toEqual([...Array(22).fill(60_000), 70_000, 100_000])
    for (const data of found) expect(data === text(data.length)).toBe(true)
  })

  test('have their first 60,000 bytes recorded if the buffer has no space, which ksys reports', () => {
    const file = join(dir, 'cut.ksys')
    const flood = `import os
${PATTERN}
fd = os.open('/dev/null', os.O_WRONLY)
b = text(1 << 20)
for i in range(300): os.write(fd, b)
for i in range(2000): os.getppid()`
    const ran = ksys([
      ...['--buffer', '1m', '-s', '1048576', '-w', file],
      ...['evt.type=write', '--', 'python3', '-c', flood],
    ])
    const message = /the data of ([\d,]+) calls? was truncated to 60,000 bytes because the buffer was full/.exec(
      ran.stderr,
    )
    const cut = Number(message?.[1]?.replaceAll(',', ''))
    const found = written(file, 'evt.rawres=1048576')
    const lost = Number(/([\d,]+) events? w\w+ lost/.exec(ran.stderr)?.[1]?.replaceAll(',', '') ?? 0)
    // at most this many: the kernel may report more calls that it did not show
    expect(found.length).toBeLessThanOrEqual(300)
    expect(found.length + lost).toBeGreaterThanOrEqual(300)
    expect(cut).toBeGreaterThan(0)
    expect(found.filter(([, data]) => data.length === 60_000).length).toBe(cut)
    for (const [n, data] of found) expect(data === text(Math.min(n, data.length))).toBe(true)
    expect(ksys(['info', file]).stdout).toContain('was truncated to 60,000 bytes')
  })
})
