// In a container with a pid namespace of its own, the error says how to use the host's.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { main, privileged } from '../helpers/ksys.js'

test.skipIf(!privileged())("without the host's pid namespace a live capture ends with advice", () => {
  const args = ['--pid', '--fork', '--mount-proc', process.execPath, main, '-n', '1']
  const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8', timeout: 60_000 })
  expect(stderr.split('\n')[0]).toMatch(/^ksys: live capture needs the host's pid namespace.*--pid=host/)
  expect(stdout).toBe('')
  expect(status).toBe(3)
})
