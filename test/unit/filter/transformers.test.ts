// Transformers, on both sides of an operator and nested.
import { expect, test } from 'vitest'
import { passes } from './world.js'

test('transformers of texts are evaluated', () => {
  expect(passes('toupper(proc.name)=CAT', { 'proc.name': 'cat' })).toBe(true)
  expect(passes('tolower(proc.name)=cat', { 'proc.name': 'CaT' })).toBe(true)
  expect(passes('toupper(proc.name)="É"', { 'proc.name': 'é' })).toBe(false)
  expect(passes('basename(fd.name)=passwd', { 'fd.name': '/etc/passwd' })).toBe(true)
  expect(passes('basename(fd.name)=passwd', { 'fd.name': 'passwd' })).toBe(true)
  expect(passes('basename(fd.name)=""', { 'fd.name': '/etc/' })).toBe(true)
  expect(passes('toupper(basename(fd.name)) startswith PASS', { 'fd.name': '/etc/passwd' })).toBe(true)
})

test('transformers are allowed on the right side', () => {
  expect(passes('proc.name=basename(proc.exe)', { 'proc.name': 'cat', 'proc.exe': '/bin/cat' })).toBe(true)
  expect(passes('proc.name=tolower("CAT")', { 'proc.name': 'cat' })).toBe(true)
  expect(passes('fd.name=concat("/proc/", proc.name)', { 'fd.name': '/proc/x', 'proc.name': 'x' })).toBe(true)
})

test('base64 is decoded, padding optional; what is not base64 is absent', () => {
  expect(passes('b64(proc.name)=hello', { 'proc.name': 'aGVsbG8=' })).toBe(true)
  expect(passes('b64(proc.name)=hello', { 'proc.name': 'aGVsbG8' })).toBe(true)
  expect(passes('b64(proc.name) exists', { 'proc.name': 'a' })).toBe(false)
  expect(passes('b64(proc.name) exists', { 'proc.name': '!!!!' })).toBe(false)
  const data = new Uint8Array(Buffer.from('eA=='))
  expect(passes('b64(evt.buffer)=x', { 'evt.buffer': data })).toBe(true)
})

test('len counts bytes of texts and items of lists', () => {
  expect(passes('len(proc.name)=3', { 'proc.name': 'cat' })).toBe(true)
  expect(passes('len(proc.name)=2', { 'proc.name': 'é' })).toBe(true)
  expect(passes('len(proc.name)=4', { 'proc.name': '😀' })).toBe(true)
  expect(passes('len(proc.name)=1', { 'proc.name': '\udcff' })).toBe(true)
  expect(passes('len(evt.buffer)>=1k', { 'evt.buffer': new Uint8Array(1024) })).toBe(true)
  expect(passes('len(proc.argv)=2', { 'proc.argv': ['a', 'b'] })).toBe(true)
  expect(passes('len(proc.argv)=0', { 'proc.argv': [] })).toBe(true)
})

test('join and concat combine values', () => {
  expect(passes('join(",", proc.argv)="a,b"', { 'proc.argv': ['a', 'b'] })).toBe(true)
  expect(passes('join("-", (proc.name, "x", proc.pname))="a-x-b"', { 'proc.name': 'a', 'proc.pname': 'b' })).toBe(true)
  expect(passes('concat(proc.name, "/", proc.pname)="a/b"', { 'proc.name': 'a', 'proc.pname': 'b' })).toBe(true)
  expect(passes('concat(proc.name, proc.pname) exists', { 'proc.name': 'a' })).toBe(false)
})

test('getopt finds the short options at the start, and their values', () => {
  const argv = { 'proc.argv': ['-v', '-xfile', '-ab', '-o', 'out', 'arg', '-z', '--', '-q'] }
  const spec = '"vabx:o:q"'
  expect(passes(`getopt(proc.argv, ${spec})[o]=out`, argv)).toBe(true)
  expect(passes(`getopt(proc.argv, ${spec})[x]=file`, argv)).toBe(true)
  expect(passes(`getopt(proc.argv, ${spec})[v]=""`, argv)).toBe(true)
  expect(passes(`getopt(proc.argv, ${spec})[q] exists`, argv)).toBe(false)
  expect(passes(`join(",", getopt(proc.argv, ${spec}))="v,x,file,a,b,o,out"`, argv)).toBe(true)
  expect(passes('getopt(proc.argv, "v") intersects ("?")', argv)).toBe(true)
})

test('after the first word that is not an option, or after --, getopt finds none', () => {
  for (const end of ['arg', '-', '--', '']) {
    const argv = { 'proc.argv': ['-v', end, '-z'] }
    expect(passes('getopt(proc.argv, "vz")[z] exists', argv), end).toBe(false)
    expect(passes('join(",", getopt(proc.argv, "vz"))=v', argv), end).toBe(true)
  }
})

test('getopt of constants without the option has no value, as of fields', () => {
  const e = { 'proc.name': 'a' }
  for (const absent of ['getopt(("x"), "b:")[b]', 'getopt(("-a"), "ab:")[b]', 'concat(getopt(("x"), "b:")[b], "x")']) {
    expect(passes(`${absent}=a`, e), absent).toBe(false)
    expect(passes(`${absent}!=a`, e), absent).toBe(false)
    expect(passes(`not ${absent} exists`, e), absent).toBe(true)
    expect(passes(`proc.name=${absent}`, e), absent).toBe(false)
  }
  expect(passes('getopt(("x"), "b:") intersects (b)', e)).toBe(false)
})

test('an option without its required value has an empty one; without options there is no result', () => {
  const argv = { 'proc.argv': ['-v', '-o'] }
  expect(passes('getopt(proc.argv, "vo:")[o]=""', argv)).toBe(true)
  expect(passes('join(",", getopt(proc.argv, "vo:"))="v,o,"', argv)).toBe(true)
  for (const none of [[], ['x'], ['--', '-v']]) {
    expect(passes('getopt(proc.argv, "v") exists', { 'proc.argv': none })).toBe(false)
    expect(passes('len(getopt(proc.argv, "v"))=0', { 'proc.argv': none })).toBe(false)
  }
})

test('numbers are joined as texts', () => {
  expect(passes('join("-", (1, proc.pid, "x", fd.num))="1-7-x-3"', { 'proc.pid': 7, 'fd.num': 3 })).toBe(true)
  expect(passes('join("-", (proc.pid))=7', { 'proc.pid': 7 })).toBe(true)
  expect(passes('join("-", (proc.pid, fd.num)) exists', { 'proc.pid': 7 })).toBe(false)
  expect(passes('proc.name=join(":", (proc.pid, 8))', { 'proc.pid': 7, 'proc.name': '7:8' })).toBe(true)
})

test('arguments of the wrong type are refused', () => {
  const refused = (filter: string) => {
    try {
      passes(filter, {})
    } catch (e) {
      return (e as Error).message
    }
    return 'accepted'
  }
  for (const left of ['toupper(proc.argv)', 'tolower(fd.num)', 'basename(evt.buffer)'])
    expect(refused(`${left} = x`), left).toMatch(/takes text/)
  for (const left of ['b64(fd.num)', 'b64(proc.argv)']) expect(refused(`${left} exists`), left).toMatch(/text or bytes/)
  expect(refused('len(fd.num) = 1')).toMatch(/text, bytes or a list/)
  expect(refused('concat(proc.name, fd.num) = x')).toMatch(/takes texts/)
  expect(refused('concat(fd.num, proc.name) = x')).toMatch(/takes texts/)
  expect(refused('join(fd.num, proc.argv) = x')).toMatch(/separator and a list/)
  expect(refused('join(",", proc.name) = x')).toMatch(/list/)
  expect(refused('getopt(proc.name, "v")[v] = x')).toMatch(/list/)
  expect(refused('getopt(proc.argv, fd.num)[v] = x')).toMatch(/list of texts/)
  expect(refused('getopt(proc.argv, "v")[vv] = x')).toMatch(/one option letter/)
  for (const fine of ['b64(evt.buffer) exists', 'len(evt.buffer) = 1', 'len(proc.argv) = 1', 'len(proc.name) = 1'])
    expect(refused(fine), fine).toBe('accepted')
})

test('an absent argument gives an absent result', () => {
  for (const left of [
    'toupper(proc.name)',
    'basename(proc.name)',
    'b64(proc.name)',
    'b64(evt.buffer)',
    'len(proc.name)',
    'len(evt.buffer)',
    'len(proc.argv)',
    'concat(proc.name, "x")',
    'concat("x", proc.name)',
    'join(",", proc.argv)',
    'join(proc.name, proc.argv)',
    'getopt(proc.argv, "v")',
    'getopt(proc.argv, "v")[v]',
  ])
    expect(passes(`${left} exists`, {}), left).toBe(false)
  expect(passes('join(proc.name, proc.argv) exists', { 'proc.argv': ['a'] })).toBe(false)
  expect(passes('getopt(proc.argv, proc.name) exists', { 'proc.argv': ['-v'] })).toBe(false)
})

test('only ASCII letters change case, wherever they are', () => {
  expect(passes('toupper(proc.name)="A1ZßÉ-B"', { 'proc.name': 'a1zßÉ-b' })).toBe(true)
  expect(passes('tolower(proc.name)="a1zß-bÉ"', { 'proc.name': 'A1Zß-bÉ' })).toBe(true)
})

test('len is correct for every kind of character', () => {
  const cases: [string, number][] = [
    ['\x7f', 1],
    ['\x80', 2],
    ['\u07ff', 2],
    ['\u0800', 3],
    ['\ud7ff', 3],
    ['\ue000', 3],
    ['\uffff', 3],
    ['\ud800\udc00', 4],
    ['\udbff\udfff', 4],
    ['a\ud83d\ude00b', 6],
    ['\udc80', 1],
    ['\udcff\udc80', 2],
    ['\udc7f', 3],
    ['\udd00', 3],
    ['', 0],
  ]
  for (const [text, n] of cases)
    expect(passes(`len(proc.name)=${n}`, { 'proc.name': text }), JSON.stringify(text)).toBe(true)
})

test('padding of base64 must be correct if present', () => {
  for (const [text, out] of [
    ['', ''],
    ['eA', 'x'],
    ['eA==', 'x'],
    ['eHk=', 'xy'],
    ['eHl6', 'xyz'],
  ] as const)
    expect(passes(`b64(proc.name)="${out}"`, { 'proc.name': text }), text).toBe(true)
  for (const text of ['eA=', 'eHk==', 'eHl6=', 'eHl6==', 'e', 'eHl6e', '=', 'e A=', 'eA===', 'x=eA'])
    expect(passes('b64(proc.name) exists', { 'proc.name': text }), text).toBe(false)
})

test('the value of an option follows the letter or is the next word; an optional value only follows the letter', () => {
  const found = (spec: string, ...argv: string[]): string | undefined => {
    for (const text of candidates)
      if (passes(`join(",", getopt(proc.argv, "${spec}"))="${text}"`, { 'proc.argv': argv })) return text
    return undefined
  }
  const candidates = ['o,x', 'o,', 'o', 'o,v', 'v,o,x', 'o,x,v', '?', 'v,?', 'a,b', '?,v', 'o,-v']
  expect(found('o:', '-ox')).toBe('o,x')
  expect(found('o:', '-o', 'x')).toBe('o,x')
  expect(found('o::', '-ox')).toBe('o,x')
  expect(found('o::', '-o', 'x')).toBe('o')
  expect(found('vo:', '-vox')).toBe('v,o,x')
  expect(found('vo:', '-ox', '-v')).toBe('o,x,v')
  expect(found('vo:', '-o', '-v')).toBe('o,-v')
  expect(found('+ab', '-a', '-b')).toBe('a,b')
  expect(found(':+-ab', '-ab')).toBe('a,b')
  expect(found('v:', '-:')).toBe('?')
  expect(found('v', '-v', '-x')).toBe('v,?')
  expect(found('v', '-xv')).toBe('?,v')
})

test('of a repeated option the last value counts', () => {
  expect(passes('getopt(proc.argv, "o:")[o]=b', { 'proc.argv': ['-o', 'a', '-ob'] })).toBe(true)
})
