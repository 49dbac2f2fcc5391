// Transformers, on both sides of an operator and inside of each other.
import { expect, test } from 'vitest'
import { passes } from './world.js'

test('texts', () => {
  expect(passes('toupper(proc.name)=CAT', { 'proc.name': 'cat' })).toBe(true)
  expect(passes('tolower(proc.name)=cat', { 'proc.name': 'CaT' })).toBe(true)
  expect(passes('toupper(proc.name)="É"', { 'proc.name': 'é' })).toBe(false)
  expect(passes('basename(fd.name)=passwd', { 'fd.name': '/etc/passwd' })).toBe(true)
  expect(passes('basename(fd.name)=passwd', { 'fd.name': 'passwd' })).toBe(true)
  expect(passes('basename(fd.name)=""', { 'fd.name': '/etc/' })).toBe(true)
  expect(passes('toupper(basename(fd.name)) startswith PASS', { 'fd.name': '/etc/passwd' })).toBe(true)
})

test('the right side', () => {
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

test('lengths count bytes of texts and items of lists', () => {
  expect(passes('len(proc.name)=3', { 'proc.name': 'cat' })).toBe(true)
  expect(passes('len(proc.name)=2', { 'proc.name': 'é' })).toBe(true)
  expect(passes('len(proc.name)=4', { 'proc.name': '😀' })).toBe(true)
  expect(passes('len(proc.name)=1', { 'proc.name': '\udcff' })).toBe(true)
  expect(passes('len(evt.buffer)>=1k', { 'evt.buffer': new Uint8Array(1024) })).toBe(true)
  expect(passes('len(proc.argv)=2', { 'proc.argv': ['a', 'b'] })).toBe(true)
  expect(passes('len(proc.argv)=0', { 'proc.argv': [] })).toBe(true)
})

test('join and concat', () => {
  expect(passes('join(",", proc.argv)="a,b"', { 'proc.argv': ['a', 'b'] })).toBe(true)
  expect(passes('join("-", (proc.name, "x", proc.pname))="a-x-b"', { 'proc.name': 'a', 'proc.pname': 'b' })).toBe(true)
  expect(passes('concat(proc.name, "/", proc.pname)="a/b"', { 'proc.name': 'a', 'proc.pname': 'b' })).toBe(true)
  expect(passes('concat(proc.name, proc.pname) exists', { 'proc.name': 'a' })).toBe(false)
})

test('getopt finds the short options at the beginning, and their values', () => {
  const argv = { 'proc.argv': ['-v', '-xfile', '-ab', '-o', 'out', 'arg', '-z', '--', '-q'] }
  const spec = '"vabx:o:q"'
  expect(passes(`getopt(proc.argv, ${spec})[o]=out`, argv)).toBe(true)
  expect(passes(`getopt(proc.argv, ${spec})[x]=file`, argv)).toBe(true)
  expect(passes(`getopt(proc.argv, ${spec})[v]=""`, argv)).toBe(true)
  expect(passes(`getopt(proc.argv, ${spec})[q] exists`, argv)).toBe(false)
  expect(passes(`join(",", getopt(proc.argv, ${spec}))="v,x,file,a,b,o,out"`, argv)).toBe(true)
  expect(passes('getopt(proc.argv, "v") intersects ("?")', argv)).toBe(true)
})

test('behind the first word that is no option, or --, getopt finds none', () => {
  for (const end of ['arg', '-', '--', '']) {
    const argv = { 'proc.argv': ['-v', end, '-z'] }
    expect(passes('getopt(proc.argv, "vz")[z] exists', argv), end).toBe(false)
    expect(passes('join(",", getopt(proc.argv, "vz"))=v', argv), end).toBe(true)
  }
})

test('an option without the value that it wants has an empty one; no options are no result', () => {
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
