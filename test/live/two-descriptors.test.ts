// Calls of a program that read from one descriptor and write to another: they are shown as they were made.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'

describe.skipIf(!privileged())('calls on two descriptors', () => {
  const dir = scratchDir('two')
  const trace = join(dir, 't.ksys')
  const [source, copied, sent, spliced] = ['source', 'copied', 'sent', 'spliced'].map((n) => join(dir, n)) as [
    string,
    string,
    string,
    string,
  ]
  const CALLS = ['copy_file_range', 'sendfile', 'splice', 'tee']
  const only = `evt.type in (${CALLS.join(', ')})`
  const program = `import ctypes, os, socket
tee = ctypes.CDLL(None).tee
src = os.open('${source}', os.O_RDWR | os.O_CREAT, 0o600)
os.write(src, b'x' * 10000)
def out(name): return os.open(name, os.O_WRONLY | os.O_CREAT, 0o600)
assert os.copy_file_range(src, out('${copied}'), 7000, 0, 0) == 7000
assert os.sendfile(out('${sent}'), src, 0, 3000) == 3000
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
c = socket.create_connection(s.getsockname()); a = s.accept()[0]
assert os.sendfile(c.fileno(), src, 0, 500) == 500
p, q = os.pipe(), os.pipe()
assert os.splice(src, p[1], 200, offset_src=0) == 200
assert tee(p[0], q[1], 200, 0) == 200
assert os.splice(p[0], out('${spliced}'), 200) == 200
assert os.splice(a.fileno(), p[1], 500) == 500`

  beforeAll(() => {
    const ran = ksys(['-w', trace, '--', 'python3', '-c', program])
    expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)])
  }, 120_000)

  const table = (chisel: string, filter: string) =>
    Object.fromEntries(
      ksys(['-r', trace, '-j', '-c', chisel, filter])
        .stdout.trim()
        .split('\n')
        .flatMap((l) => (JSON.parse(l) as { data: (string | number)[][] }).data)
        .map((row) => [row.slice(0, -1).join(' '), row.at(-1)]),
    )

  test('give files the bytes that were written to them and read from them', () => {
    expect(table('topfiles_bytes', `${only} and evt.is_io_write=true`)).toEqual({
      [copied]: statSync(copied).size,
      [sent]: statSync(sent).size,
      [spliced]: statSync(spliced).size,
    })
    expect(table('topfiles_bytes', `${only} and evt.is_io_read=true`)).toEqual({ [source]: 7000 + 3000 + 500 + 200 })
    expect(table('topfiles_bytes', `${only} and fd.name=${source}`)).toEqual({ [source]: 10700 })
  })

  test('count as network traffic if one descriptor is a socket', () => {
    // both ends have one name
    expect(Object.values(table('topconns', only))).toEqual([1000])
    expect(Object.values(table('topprocs_net', only))).toEqual([1000])
    expect(Object.values(table('topprocs_file', only))).toEqual([7000 * 2 + 3000 * 2 + 500 + 200 + 200])
  })

  test('have every byte counted as read and as written', () => {
    const moved = 7000 + 3000 + 500 + 200 + 200 + 200 + 500
    const seconds = ksys(['-r', trace, '-j', '-c', 'iobytes', only])
      .stdout.trim()
      .split('\n')
      .map((l) => JSON.parse(l) as { in: number; out: number })
    const sum = (way: 'in' | 'out') => seconds.reduce((n, s) => n + s[way], 0)
    expect([sum('in'), sum('out')]).toEqual([moved, moved])
  })

  test('are shown once each, with the side that the filter is about', () => {
    const rows = (filter: string) =>
      readRows(trace, ['evt.type', 'evt.io_dir', 'fd.name', 'fd.other.name'], [`${only} and ${filter}`])
    const line = (evt: string, dir: string, name: string, other: string) => ({
      'evt.type': evt,
      'evt.io_dir': dir,
      'fd.name': name,
      'fd.other.name': other,
    })
    expect(rows(`fd.name=${copied}`)).toMatchObject([line('copy_file_range', 'write', copied, source)])
    expect(rows(`fd.name=${source} and fd.other.name=${copied}`)).toMatchObject([
      line('copy_file_range', 'read', source, copied),
    ])
    expect(rows(`fd.name startswith ${dir} and evt.type=sendfile`)).toMatchObject([
      line('sendfile', 'write', sent, source),
      { 'evt.io_dir': 'read', 'fd.name': source },
    ])
  })

  test('are all passed by a live filter for the other file, or for sockets', () => {
    const live = (filter: string) =>
      ksys(['-p', '%evt.type %evt.io_dir', `${only} and ${filter}`, '--', 'python3', '-c', program])
        .stdout.trim()
        .split('\n')
    expect(live('fd.type=ipv4')).toEqual(['sendfile write', 'splice read'])
    expect(live(`fd.name=${source} and evt.is_io_read=true`)).toEqual([
      'copy_file_range read',
      'sendfile read',
      'sendfile read',
      'splice read',
    ])
  })
})
