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

test('getopt finds short options like getopt(3)', () => {
  const argv = { 'proc.argv': ['-v', '-xfile', '-o', 'out', 'arg', '-z', '--', '-q'] }
  expect(passes('getopt(proc.argv, "vx:o:q")[o]=out', argv)).toBe(true)
  expect(passes('getopt(proc.argv, "vx:o:q")[x]=file', argv)).toBe(true)
  expect(passes('getopt(proc.argv, "vx:o:q")[v]=""', argv)).toBe(true)
  expect(passes('getopt(proc.argv, "vx:o:q")[q] exists', argv)).toBe(false)
  expect(passes('getopt(proc.argv, "vx:o:q") intersects ("?")', argv)).toBe(true)
  expect(passes('getopt(proc.argv, "vx:o:qz") in (v, x, o, z)', argv)).toBe(true)
})
