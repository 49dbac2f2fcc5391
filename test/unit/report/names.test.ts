// Names are the same in each run, and words stay as they are.
import { expect, test } from 'vitest'
import { stablePath, stablePort } from '../../../src/report/names.js'

test.each([
  ['/proc/4711/status', '/proc/PID/status'],
  ['/proc/4711/task/4712/comm', '/proc/PID/task/TID/comm'],
  ['/proc/self/fd/12', '/proc/self/fd/N'],
  ['/tmp/ccAbcdef.s', '/tmp/cc*.s'],
  ['/tmp/tmpabcdefgh/setup.py', '/tmp/tmp*/setup.py'],
  ['/tmp/tmp.Zyxwvutsrq', '/tmp/tmp.*'],
  ['/srv/r.git/objects/ab/0123456789abcdef0123456789abcdef012345', '/srv/r.git/objects/*/*'],
  ['/srv/r.git/objects/pack/tmp_pack_abcdef', '/srv/r.git/objects/pack/tmp_pack_*'],
  ['/root/.npm/_cacache/index-v5/ab/3f/0123456789abcdef0123', '/root/.npm/_cacache/index-v5/*/*/*'],
  ['/root/.cache/pip/http-v2/3/f/2/a/1/3f2a1b0c9d8e7f6a5b4c', '/root/.cache/pip/http-v2/*/*/*/*/*/*'],
  ['/root/.npm/_logs/2026-12-01T21_38_05_123Z-debug-0.log', '/root/.npm/_logs/*-debug-0.log'],
])('%s becomes %s', (path, stable) => expect(stablePath(path)).toBe(stable))

test.each([
  '/usr/lib/x86_64-linux-gnu/libc.so.6',
  '/usr/lib/gcc/x86_64-linux-gnu/12/cc1',
  '/usr/lib/jvm/java-17-openjdk-amd64/bin/java',
  '/root/.pyenv/versions/3.12.1/lib/python3.12/site-packages/pip/__init__.py',
  '/app/node_modules/PrintOptions/CMakeLists.txt',
  '/etc/ssl/openssl.cnf',
  '/home/ada/.ssh/id_ed25519',
  '/sys/fs/cgroup/sha512',
])('%s stays', (path) => expect(stablePath(path)).toBe(path))

test('a port that the kernel chose has no number', () => {
  expect([443, 8080, 32767].map(stablePort)).toEqual(['443', '8080', '32767'])
  expect([32768, 60999].map(stablePort)).toEqual(['*', '*'])
})
