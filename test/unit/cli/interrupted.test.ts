// Ctrl-C in commands that print nothing before all input is read: they end in order, and report what is missing.
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diff } from '../../../src/cli/diff/diff.js'
import { info } from '../../../src/cli/info/info.js'
import { Output } from '../../../src/cli/output/stdout.js'
import { main, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const at = scratch()
const WEB = join(root, 'captures', 'web.ksys')

test.each([
  ['ksys info', () => info([WEB], new Output()), `nothing is printed about ${WEB}, which was not read to the end`],
  ['ksys info --deep', () => info(['--deep', WEB], new Output()), `nothing is printed about ${WEB}`],
  [
    'ksys diff',
    () => diff([WEB, WEB], new Output()),
    'nothing was compared, because the captures were not read to the end',
  ],
])('an interrupted %s of files reports it', async (_, begin, sentence) => {
  const listeners = process.listenerCount('SIGINT')
  const running = begin()
  process.emit('SIGINT', 'SIGINT')
  await expect(running).rejects.toMatchObject({
    exitCode: 130,
    message: expect.stringContaining(`ended by SIGINT: ${sentence}`),
  })
  expect(process.listenerCount('SIGINT')).toBe(listeners)
})

test.each([
  ['info', '--deep'],
  ['diff', WEB],
])('an interrupted ksys %s of a FIFO with an active writer reports it', async (...words) => {
  const fifo = at(`fifo-${words[0]}`)
  execFileSync('mkfifo', [fifo])
  const child = spawn(process.execPath, [main, ...words, fifo])
  let messages = ''
  let printed = ''
  child.stderr.on('data', (data) => (messages += data))
  child.stdout.on('data', (data) => (printed += data))
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })))
  const writer = await open(fifo, 'w')
  child.kill('SIGINT')
  await writer.write(readFileSync(WEB)).catch(() => undefined)
  expect(await ended).toEqual({ code: 130, signal: null })
  await writer.close()
  expect(messages).toMatch(/^ksys: ended by SIGINT: nothing (is|was) (printed|compared)/)
  expect(printed).toBe('')
})
