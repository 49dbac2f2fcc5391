// One process for many commands of ksys: a command's words arrive as a line of JSON on descriptor 3. Its output and, on standard error, its
// exit code end with a mark, which is the second word of this program's command line; the first is the URL of the folder of compiled modules.
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const [compiled, mark] = process.argv.slice(2)
const { loadScript } = await import(new URL('code-cache.js', compiled).href)
const { main } = loadScript(fileURLToPath(new URL('joined/main.cjs', compiled)))
// if a pipe is full the output is only queued, and the output of the next command would precede it
const print = (stream, text) => new Promise((done) => stream.write(text, done))

/** Removes the listeners of signals that commands have left: only the end of their process would remove them. */
function forgetSignals() {
  for (const event of process.eventNames()) if (String(event).startsWith('SIG')) process.removeAllListeners(event)
}

const commands = new Socket({ fd: 3, readable: true })
// the tests have ended, perhaps in the middle of a command
commands.once('close', () => process.exit())
for await (const line of createInterface({ input: commands })) {
  process.exitCode = undefined
  await main(JSON.parse(line))
  await print(process.stdout, mark)
  await print(process.stderr, `${process.exitCode ?? 0}${mark}`)
  process.exitCode = undefined
  forgetSignals()
}
