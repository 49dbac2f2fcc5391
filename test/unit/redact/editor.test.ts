// How values are changed: texts, paths, command lines, environments, data and addresses.
import { expect, test } from 'vitest'
import { parseRules } from '../../../src/redact/file.js'
import { Rules } from '../../../src/redact/rules.js'
import { TARGET } from '../../../src/redact/targets.js'

const key = new Uint8Array(32).fill(7)
const editor = (text: string, targets: number) => new Rules({ rules: parseRules(text), key }).editor(targets)!

test('a hash is the same for the same value and key, and for no other', () => {
  const of = (k: Uint8Array, v: string) =>
    new Rules({ rules: parseRules('proc.name hash'), key: k }).editor(TARGET.NAME)!.text(v)
  expect(of(key, 'nginx')).toMatch(/^#[\da-f]{12}$/)
  expect(of(key, 'nginx')).toBe(of(key, 'nginx'))
  expect(of(key, 'nginy')).not.toBe(of(key, 'nginx'))
  expect(of(new Uint8Array(32), 'nginx')).not.toBe(of(key, 'nginx'))
  expect(of(key, '')).toBe('')
})

test('of a pattern with groups only the groups are changed, otherwise the whole match', () => {
  expect(editor('proc.exe mask /a(b+)c/', TARGET.EXE).text('xabbcx abc')).toBe('xa***cx a***c')
  expect(editor('proc.exe mask /ab+/', TARGET.EXE).text('xabbcx')).toBe('x***cx')
  expect(editor('proc.exe mask /(?:(x)|(y))+/', TARGET.EXE).text('yx')).not.toMatch(/[xy]/)
  expect(editor('proc.exe drop /b/', TARGET.EXE).text('abc')).toBeUndefined()
  expect(editor('proc.exe drop /b/', TARGET.EXE).text('acc')).toBe('acc')
})

test('a hashed path remains a path, with each part hashed', () => {
  const e = editor('fd.name hash', TARGET.PATH)
  const [whole, folder] = ['/home/alice/x', '/home/alice'].map((p) => e.path(p)!)
  expect(whole).toMatch(/^\/#\w{12}\/#\w{12}\/#\w{12}$/)
  expect(whole!.startsWith(`${folder}/`)).toBe(true)
  expect(e.path('../x')).toBe(`../${whole!.split('/')[3]}`)
  expect(editor('fd.name mask', TARGET.PATH).path('/etc/x')).toBe('/***')
})

test('a pattern is applied to the whole command line, and to each variable separately', () => {
  const args = editor('proc.args mask /--password[ =](\\S+)/', TARGET.ARGS)
  expect(args.list(['-u', 'x', '--password', 'hunter2', '-v'], 'args')).toEqual(['-u', 'x', '--password', '***', '-v'])
  expect(args.list(['--password=hunter2'], 'args')).toEqual(['--password=***'])
  const env = editor('proc.env mask /^\\w*TOKEN=(.*)$/', TARGET.ENV)
  expect(env.list(['A=1', 'MY_TOKEN=hunter2', 'B=2'], 'env')).toEqual(['A=1', 'MY_TOKEN=***', 'B=2'])
  expect(editor('proc.env drop /TOKEN/', TARGET.ENV).list(['A=1', 'TOKEN=x', 'B=2'], 'env')).toEqual(['A=1', 'B=2'])
  expect(editor('proc.env mask', TARGET.ENV).list(['A=1', 'B=2'], 'env')).toEqual(['A=***', 'B=***'])
  expect(editor('proc.env drop', TARGET.ENV).list(['A=1'], 'env')).toBeUndefined()
})

test('the ids of the container in a cgroup remain, unless a pattern matches them', () => {
  const id = '0123456789ab'.repeat(6).slice(0, 64)
  const scope = `cpu=/system.slice/docker-${id}.scope`
  const e = editor('* hash', TARGET.CGROUP)
  expect(e.cgroup(scope)).toBe(scope)
  expect(e.cgroup('cpu=/user.slice/x')).toMatch(/^cpu=\/#\w{12}\/#\w{12}$/)
  expect(editor('* mask /system/', TARGET.CGROUP).cgroup(scope)).toBe(scope.replace('system', '***'))
})

test('masked data have the same length, structures always', () => {
  const text = (b: Uint8Array | undefined) => b && Buffer.from(b).toString('latin1')
  const bytes = Buffer.from('\x00\xffkey=hunter2;\x80', 'latin1')
  expect(text(editor('evt.buffer mask /key=(\\w+)/', TARGET.BUFFER).bytes(bytes, false))).toBe(
    '\x00\xffkey=*******;\x80',
  )
  expect(text(editor('evt.buffer hash /key=(\\w+)/', TARGET.BUFFER).bytes(bytes, false))).toMatch(
    /^\x00\xffkey=#\w{12};\x80$/,
  )
  expect(text(editor('* hash /key=(\\w+)/', TARGET.OTHER).bytes(bytes, true))).toBe('\x00\xffkey=*******;\x80')
  expect(editor('evt.buffer mask /é+/', TARGET.BUFFER).bytes(Buffer.from('né'), false)).toEqual(
    Uint8Array.from(Buffer.from('n**')),
  )
  const same = Buffer.from('nothing')
  expect(editor('evt.buffer mask /x/', TARGET.BUFFER).bytes(same, false)).toBe(same)
})

test('an address is replaced by an unused one of its family; loopback is not changed', () => {
  const e = editor('fd.ip hash', TARGET.ADDRESS)
  expect(e.address('10.1.2.3')).toMatch(/^2[45]\d\.\d+\.\d+\.\d+$/)
  expect(e.address('fe80::1')).toMatch(/^2001:db8:/)
  for (const ip of ['127.0.0.1', '0.0.0.0', '::', '::1']) expect(e.address(ip)).toBe(ip)
  expect(editor('fd.ip mask /^10\\./', TARGET.ADDRESS).address('10.1.2.3')).toBe('240.0.0.0')
  expect(editor('fd.ip drop /^10\\./', TARGET.ADDRESS).address('10.1.2.3')).toBeUndefined()
  expect(editor('fd.ip drop /^10\\./', TARGET.ADDRESS).address('11.1.2.3')).toBe('11.1.2.3')
})

test('a pattern takes linear time, whatever the text', () => {
  const e = editor('* mask /(a*)*b/', TARGET.OTHER)
  expect(e.text('a'.repeat(60_000))).toHaveLength(60_000)
})

test('an item with several lines is one: keys and scripts are changed as a whole', () => {
  const env = editor('proc.env mask /^\\w*KEY\\w*=(.*)/i', TARGET.ENV)
  expect(env.list(['SSH_KEY=-----BEGIN\nMIIE\n-----END', 'A=1'], 'env')).toEqual(['SSH_KEY=***', 'A=1'])
  expect(env.list(['A=1\nMY_KEY=2'], 'env')).toEqual(['A=1\nMY_KEY=2'])
  const args = editor('proc.args mask /--script (.*) --/', TARGET.ARGS)
  expect(args.list(['--script', 'a\nb', '--'], 'args')).toEqual(['--script', '***', '--'])
})
