// A new file in another user's folder that another process has locked is abandoned after a while, with a sentence that names the process.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockHolder } from '../../../src/source/locks.js'
import { native } from '../../../src/source/native.js'
import { newFileIn } from '../../../src/source/owner-rights.js'
import { scratchDir } from '../../helpers/live.js'

const dir = scratchDir('new-file')

test('the process that locks a new file is named, and the file is removed', async () => {
  const path = join(dir, 'held')
  const script =
    'import fcntl, sys; f = open(sys.argv[1], "w"); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()'
  const holder = spawn('python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    await once(holder.stdout, 'data')
    // the folder's worker has created the file, and its owner was quicker to lock it
    const worker = {
      create: async () => openSync(path, 'w'),
      remove: async () => {
        rmSync(path)
        return 0
      },
    }
    await expect(newFileIn(worker, Buffer.from('held'), 0o600)).rejects.toThrow(
      new RegExp(`^process ${holder.pid} \\(python3[^)]*\\) has it locked$`),
    )
    expect(existsSync(path)).toBe(false)
  } finally {
    holder.stdin.end()
    await once(holder, 'close')
  }
})

test('a new file is locked against others', async () => {
  const folder = openSync(dir, 'r')
  const worker = new (native().Folder)(folder, -1, -1)
  const fd = await newFileIn(worker, Buffer.from('free'), 0o600)
  expect(() => execFileSync('flock', ['-n', join(dir, 'free'), 'true'], { stdio: 'ignore' })).toThrow()
  closeSync(fd)
  execFileSync('flock', ['-n', join(dir, 'free'), 'true'])
  await worker.close()
  closeSync(folder)
})

test('a process name with line breaks is shown on one line', async () => {
  const path = join(dir, 'lines')
  const script =
    'import fcntl, sys; open("/proc/self/comm", "w").write("a\\nksys: b"); f = open(sys.argv[1], "w"); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()'
  const holder = spawn('python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    await once(holder.stdout, 'data')
    expect(lockHolder(statSync(path))).toBe(`process ${holder.pid} (a ksys: b)`)
  } finally {
    holder.stdin.end()
    await once(holder, 'close')
  }
})
