// The meaning of comparisons, and the values that are valid on their right side.
import { expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/index.js'
import { fields, type Made, passes } from './world.js'

/** Each row: a filter, an event that it passes, an event that it rejects. */
function table(rows: readonly (readonly [filter: string, yes: Made, no: Made])[]): void {
  for (const [filter, yes, no] of rows) {
    expect(passes(filter, yes), `${filter} passes`).toBe(true)
    expect(passes(filter, no), `${filter} refuses`).toBe(false)
  }
}

test('numbers compare by value, in decimal, hexadecimal and as sizes', () => {
  table([
    ['fd.num=3', { 'fd.num': 3 }, { 'fd.num': 4 }],
    ['fd.num==3', { 'fd.num': 3 }, { 'fd.num': 33 }],
    ['fd.num!=3', { 'fd.num': 4 }, { 'fd.num': 3 }],
    ['fd.num<3', { 'fd.num': 2 }, { 'fd.num': 3 }],
    ['fd.num<=3', { 'fd.num': 3 }, { 'fd.num': 4 }],
    ['fd.num>0x10', { 'fd.num': 17 }, { 'fd.num': 16 }],
    ['fd.num>=4k', { 'fd.num': 4096 }, { 'fd.num': 4095 }],
    ['fd.num >= 1.5M', { 'fd.num': 1572864 }, { 'fd.num': 1572863 }],
    ['fd.num=-1', { 'fd.num': -1 }, { 'fd.num': 1 }],
    ['user.uid=-1', { 'user.uid': 4294967295 }, { 'user.uid': 1 }],
    ['proc.fdusage>12.5', { 'proc.fdusage': 13 }, { 'proc.fdusage': 12.5 }],
    ['fd.num in (1, 0x2, 3)', { 'fd.num': 2 }, { 'fd.num': 4 }],
  ])
})

test('durations are ns, or have a unit', () => {
  table([
    ['evt.latency>10ms', { 'evt.latency': 10000001 }, { 'evt.latency': 10000000 }],
    ['evt.latency >= 1.5s', { 'evt.latency': 1.5e9 }, { 'evt.latency': 1.4e9 }],
    ['evt.latency<10us', { 'evt.latency': 9999 }, { 'evt.latency': 10000 }],
    ['evt.latency>1000', { 'evt.latency': 1001 }, { 'evt.latency': 1000 }],
    ['evt.latency>2m', { 'evt.latency': 121e9 }, { 'evt.latency': 119e9 }],
    ['evt.latency.s>=2s', { 'evt.latency.s': 2 }, { 'evt.latency.s': 1 }],
  ])
})

test('times are dates, times of day on the day of the start, or ns since 1970', () => {
  const at = (seconds: number): Made => ({ time: seconds * 1e9 })
  table([
    ['evt.rawtime > 2026-11-25T10:00:01Z', at(1), at(0.5)],
    ['evt.rawtime > 2026-11-25T11:00:01+01:00', at(1), at(0.5)],
    ['evt.rawtime < "2026-11-25 10:00:01.5Z"', at(1), at(1.3)],
    ['evt.rawtime >= 2026-11-25', at(1), at(-86400 * 2)],
    ['evt.rawtime = 1795600800250000007', { time: 7 }, { time: 8 }],
    ['evt.rawtime != 1795600800250000007', { time: 8 }, { time: 7 }],
  ])
  const midnight = new Date(2026, 10, 25).getTime()
  const sinceMidnight = (Date.UTC(2026, 10, 25, 10) - midnight) / 1000
  const clock = new Date(midnight + (sinceMidnight + 5) * 1000).toTimeString().slice(0, 8)
  table([
    [`evt.rawtime >= ${clock}`, at(5), at(4)],
    [`evt.time >= ${clock}`, at(5), at(4)],
  ])
})

test('true and false compare with boolean fields', () => {
  table([
    ['evt.failed=true', { 'evt.failed': true }, { 'evt.failed': false }],
    ['evt.failed=0', { 'evt.failed': false }, { 'evt.failed': true }],
    ['evt.failed!=true', { 'evt.failed': false }, { 'evt.failed': true }],
    ['evt.failed in (true)', { 'evt.failed': true }, { 'evt.failed': false }],
  ])
})

test('texts compare by their bytes', () => {
  const name = (text: string): Made => ({ 'fd.name': text })
  table([
    ['fd.name=/etc/passwd', name('/etc/passwd'), name('/etc/passwd-')],
    ['fd.name != a', name('b'), name('a')],
    ['fd.name contains pass', name('/etc/passwd'), name('/etc/PASSWD')],
    ['fd.name icontains Pass', name('/etc/PASSWD'), name('/etc/group')],
    ['fd.name startswith /etc', name('/etc/x'), name('/var/etc')],
    ['fd.name endswith .log', name('/a.log'), name('/a.log.1')],
    ['fd.name in (a, "b c", d)', name('b c'), name('b')],
    ['fd.name in a', name('a'), name('b')],
    ['fd.name intersects (a,b)', name('b'), name('c')],
    ['fd.name = "say \\"hi\\"\\n"', name('say "hi"\n'), name('say "hi"')],
    ["fd.name = 'it\\'s'", name("it's"), name('its')],
    ['fd.name = "\\xc3\\xa9"', name('é'), name('e')],
    ['fd.name = "\\xff"', name('\udcff'), name('ÿ')],
    ['fd.name startswith oneof (/a, /a/b)', name('/a'), name('/a/b')],
    ['fd.name startswith anyof (/a, /b)', name('/b'), name('/c')],
    ['fd.name contains allof (a, b)', name('xbax'), name('xa')],
  ])
})

test('shell patterns follow fnmatch', () => {
  const name = (text: string): Made => ({ 'fd.name': text })
  table([
    ['fd.name glob /etc/*', name('/etc/a/b'), name('/var/etc/a')],
    ['fd.name glob "*.so.?"', name('libc.so.6'), name('libc.so.')],
    ['fd.name glob "[a-c]x[!0-9]"', name('bxy'), name('bx1')],
    ['fd.name glob "[]x]"', name(']'), name('y')],
    ['fd.name glob "[[:digit:]]*"', name('7up'), name('up7')],
    ['fd.name glob "[[:constructor:]]*"', name('c]x'), name('q')],
    ['fd.name glob "a\\\\*"', name('a*'), name('ab')],
    ['fd.name glob "[a"', name('[a'), name('a')],
    ['fd.name glob "?"', name('😀'), name('')],
    ['fd.name iglob *.LOG', name('x.log'), name('x.txt')],
    ['fd.name iglob "[A-C]"', name('b'), name('d')],
  ])
})

test('regular expressions match the whole text', () => {
  const name = (text: string): Made => ({ 'fd.name': text })
  table([
    ['fd.name regex "/proc/[0-9]+/.*"', name('/proc/12/stat'), name('x/proc/12/stat')],
    ['fd.name regex (a|b)'.replace('(a|b)', '"(a|b)"'), name('a'), name('ab')],
    ['fd.name regex "a.c"', name('a\nc'), name('ac')],
  ])
})

test('pmatch compares whole components and understands patterns in them', () => {
  const name = (text: string): Made => ({ 'fd.name': text })
  table([
    ['fd.name pmatch (/etc)', name('/etc'), name('/etcx')],
    ['fd.name pmatch (/usr/lib, /etc)', name('/etc/x/y'), name('/usr/libexec')],
    ['fd.name pmatch (/home/*/.ssh)', name('/home/bob/.ssh/id'), name('/home/bob/x/.ssh')],
    ['fd.name pmatch (//etc//)', name('//etc/x'), name('/var')],
    ['fd.name pmatch /etc', name('/etc/x'), name('/var')],
    ['fd.name pmatch (/)', { 'fd.name': '/anything' }, {}],
  ])
})

test('buffers compare bytes, as text or as hexadecimal digits', () => {
  const data = (text: string): Made => ({ 'evt.buffer': new Uint8Array(Buffer.from(text, 'latin1')) })
  table([
    ['evt.buffer contains GET', data('xx GET /'), data('xx get /')],
    ['evt.buffer icontains get', data('xx GET /'), data('xx PUT /')],
    ['evt.buffer startswith "GET "', data('GET /'), data('GET')],
    ['evt.buffer endswith "\\r\\n"', data('a\r\n'), data('a\n')],
    ['evt.buffer bcontains 00ff', data('a\0\xff'), data('a\xff\0')],
    ['evt.buffer bstartswith CAFE', data('\xca\xfe\xba'), data('x\xca\xfe')],
    ['evt.buffer = abc', data('abc'), data('abcd')],
    ['evt.buffer in (abc, x)', data('x'), data('y')],
  ])
})

test('addresses compare by value, networks by membership, ports by number or service', () => {
  table([
    ['fd.sip=127.0.0.1', { 'fd.sip': '127.0.0.1' }, { 'fd.sip': '127.0.0.11' }],
    ['fd.sip=0:0::1', { 'fd.sip': '::1' }, { 'fd.sip': '::2' }],
    ['fd.sip=::ffff:10.0.0.1', { 'fd.sip': '10.0.0.1' }, { 'fd.sip': '::1' }],
    ['fd.sip!=10.0.0.1', { 'fd.sip': '::1' }, { 'fd.sip': '10.0.0.1' }],
    ['fd.sip=10.0.0.0/8', { 'fd.sip': '10.200.0.1' }, { 'fd.sip': '11.0.0.1' }],
    ['fd.sip in (10.0.0.1, fe80::/10)', { 'fd.sip': 'fe81::1' }, { 'fd.sip': 'ff80::1' }],
    ['fd.snet=10.1.0.0/17', { 'fd.snet': '10.1.127.9' }, { 'fd.snet': '10.1.128.9' }],
    ['fd.snet=2001:db8::/33', { 'fd.snet': '2001:db8:7fff::1' }, { 'fd.snet': '2001:db8:8000::1' }],
    ['fd.snet!=10.0.0.0/8', { 'fd.snet': '11.0.0.1' }, { 'fd.snet': '10.0.0.1' }],
    ['fd.sport=http', { 'fd.sport': 80 }, { 'fd.sport': 443 }],
    ['fd.sport in (ssh, 443)', { 'fd.sport': 22 }, { 'fd.sport': 80 }],
  ])
})

test('a field with two ends matches by either, and differs only when both do', () => {
  table([
    ['fd.ip=10.0.0.1', { 'fd.ip': ['1.1.1.1', '10.0.0.1'] }, { 'fd.ip': ['1.1.1.1'] }],
    ['fd.ip!=10.0.0.1', { 'fd.ip': ['1.1.1.1'] }, { 'fd.ip': ['1.1.1.1', '10.0.0.1'] }],
    ['fd.net in (10.0.0.0/8)', { 'fd.net': ['1.1.1.1', '10.0.0.1'] }, { 'fd.net': ['1.1.1.1'] }],
    ['fd.port<1024', { 'fd.port': [45000, 80] }, { 'fd.port': [45000, 8080] }],
    ['fd.port in (80, 81)', { 'fd.port': [45000, 80] }, { 'fd.port': [45000] }],
    ['proc.aname=bash', { 'proc.aname': ['zsh', 'bash'] }, { 'proc.aname': ['zsh'] }],
    ['proc.aname!=bash', { 'proc.aname': ['zsh', 'bash'] }, { 'proc.aname': ['bash'] }],
    ['proc.aname[1]=bash', { 'proc.aname[1]': 'bash' }, { 'proc.aname': ['bash'] }],
  ])
})

test('lists: all items in a set, or some of them', () => {
  table([
    ['fd.types in (file, pipe)', { 'fd.types': ['file', 'pipe'] }, { 'fd.types': ['file', 'ipv4'] }],
    ['fd.types intersects (file, pipe)', { 'fd.types': ['ipv4', 'pipe'] }, { 'fd.types': ['ipv4'] }],
    ['fd.types exists', { 'fd.types': ['file'] }, { 'fd.types': [] }],
  ])
})

test('a field may be on the right side', () => {
  table([
    ['proc.name = val(proc.pname)', { 'proc.name': 'a', 'proc.pname': 'a' }, { 'proc.name': 'a', 'proc.pname': 'b' }],
    ['proc.pid > val(proc.ppid)', { 'proc.pid': 2, 'proc.ppid': 1 }, { 'proc.pid': 1, 'proc.ppid': 1 }],
    [
      'proc.name in val(proc.argv)',
      { 'proc.name': 'a', 'proc.argv': ['b', 'a'] },
      { 'proc.name': 'a', 'proc.argv': [] },
    ],
    ['fd.sip = val(fd.cip)', { 'fd.sip': '::1', 'fd.cip': '::1' }, { 'fd.sip': '::1', 'fd.cip': '::2' }],
    ['fd.name contains val(proc.name)', { 'fd.name': 'xay', 'proc.name': 'a' }, { 'fd.name': 'x', 'proc.name': 'a' }],
    ['fd.name glob val(proc.name)', { 'fd.name': 'abc', 'proc.name': 'a*' }, { 'fd.name': 'b', 'proc.name': 'a*' }],
    ['proc.name != val(proc.pname)', { 'proc.name': 'a', 'proc.pname': 'b' }, { 'proc.name': 'a' }],
  ])
})

test('an argument has the type that it has in each event', () => {
  table([
    ['evt.rawarg.size > 2k', { 'evt.rawarg[size]': 4096 }, { 'evt.rawarg[size]': 'text' }],
    [
      'evt.rawarg.size = 18446744073709551615',
      { 'evt.rawarg[size]': 18446744073709551615n },
      { 'evt.rawarg[size]': 1 },
    ],
    ['evt.rawarg.data contains x', { 'evt.rawarg[data]': new Uint8Array([120]) }, { 'evt.rawarg[data]': 'x' }],
  ])
})

test('evt.around with = means "at most"', () => {
  table([['evt.around[1]=10', { 'evt.around[1]': 10 }, { 'evt.around[1]': 10.5 }]])
})

test('the type of an event is compared by name, in any direction', () => {
  table([
    ['evt.type=open', { type: 'open' }, { type: 'openat' }],
    ['evt.type=open', { type: 'open', enter: true }, { type: 'openat' }],
    ['evt.type in (open, openat)', { type: 'openat' }, { type: 'close' }],
    ['evt.type!=open', { type: 'openat' }, { type: 'open' }],
    ['evt.type startswith open', { type: 'openat' }, { type: 'close' }],
    ['evt.type.is.open=1', { type: 'open' }, { type: 'openat' }],
    ['evt.type.is[open]=0', { type: 'openat' }, { type: 'open' }],
    ['evt.dir=>', { type: 'open', enter: true }, { type: 'open' }],
    ['evt.dir = <', { type: 'open' }, { type: 'open', enter: true }],
    ['syscall.type=open', { type: 'open' }, { type: 'switch' }],
    ['evt.category=net', { type: 'read', 'evt.category': 'net' }, { type: 'read', 'evt.category': 'file' }],
    ['evt.category=process', { type: 'execve' }, { type: 'read' }],
  ])
})

test('undeclared event types, in files of other tools, are compared by their names', () => {
  const foreign: Made = { code: 1 }
  expect(passes('evt.type!=switch', foreign)).toBe(true)
  expect(passes('not evt.type in (open, read)', foreign)).toBe(true)
  expect(passes('evt.type=unknown', foreign)).toBe(true)
  expect(passes('evt.type=read', foreign)).toBe(false)
})

test('texts are ordered by their bytes, with a warning', () => {
  const fits = (filter: string, name: string) => passes(filter, { 'fd.name': name })
  expect(['0', '1', '10', '2', '/etc', 'a'].map((name) => fits('fd.name < 1', name))).toEqual([
    true,
    false,
    false,
    false,
    true,
    false,
  ])
  expect(fits('fd.name <= abc', 'abc')).toBe(true)
  expect(fits('fd.name > ab', 'abc')).toBe(true)
  expect(fits('fd.name >= "\uffee"', '😀')).toBe(true)
  expect(fits('fd.name < 1', undefined as unknown as string)).toBe(false)
  expect(fits('not fd.name < 1', undefined as unknown as string)).toBe(true)
  expect(passes('fd.name < val(proc.name)', { 'fd.name': 'a', 'proc.name': 'b' })).toBe(true)
  expect(passes('tolower(proc.name) < b', { 'proc.name': 'A' })).toBe(true)
  expect(checkFilter('evt.arg.size > 4k', fields).warnings.join()).toMatch(
    /letter by letter.*evt.rawarg.size is the number/,
  )
  expect(checkFilter('fd.num > 9', fields).warnings).toEqual([])
})

test('`all` of no values is false', () => {
  for (const op of ['=', '==', '!=', 'contains', 'startswith'])
    expect(passes(`fd.name ${op} allof ()`, { 'fd.name': 'x' }), op).toBe(false)
  expect(passes('not fd.name == allof ()', { 'fd.name': 'x' })).toBe(true)
})

test('a text may contain the byte 0', () => {
  expect(passes('fd.name = "a\\x00b"', { 'fd.name': 'a\0b' })).toBe(true)
  expect(passes('evt.buffer contains "a\\x00b"', { 'evt.buffer': new Uint8Array([1, 97, 0, 98]) })).toBe(true)
  expect(passes('proc.name = "a\\x00"', { 'proc.name': 'a' })).toBe(false)
})
