// The thread that controls the process of resident.mjs, so that a test can wait for it without an event loop. It receives the words of a
// command, and responds with its output and its exit code, one command after the other; `stop` ends the process at once, `end` ends the
// process and this thread after the last command.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'

const PROGRAM = fileURLToPath(new URL('resident.mjs', import.meta.url))
const MARK = `\n${randomUUID()}\n`

/** The contents of a stream before the mark; undefined while the mark has not arrived. */
class Printed {
  #pieces = []
  constructor(stream, changed) {
    stream.on('data', (piece) => {
      this.#pieces.push(piece)
      changed()
    })
  }
  take() {
    if (this.#pieces.at(-1)?.at(-1) !== 10) return undefined
    const all = Buffer.concat(this.#pieces)
    if (all.subarray(-MARK.length).toString('latin1') !== MARK) return undefined
    this.#pieces = []
    return all.subarray(0, -MARK.length)
  }
  rest() {
    return Buffer.concat(this.#pieces)
  }
}

class Resident {
  #answer
  #stdout
  constructor() {
    const child = spawn(process.execPath, [PROGRAM, workerData.compiled, MARK], {
      env: workerData.env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    this.child = child
    const out = new Printed(child.stdout, () => this.#look(out, errors))
    const errors = new Printed(child.stderr, () => this.#look(out, errors))
    child.stdio[3].on('error', () => {})
    child.on('close', (code) => {
      this.ended = true
      this.#answer?.({ stdout: this.#stdout ?? out.rest(), stderr: errors.rest(), code: code ?? -1 })
    })
  }
  run(args) {
    return new Promise((answer) => {
      this.#answer = answer
      this.child.stdio[3].write(`${JSON.stringify(args)}\n`)
    })
  }
  #look(out, errors) {
    this.#stdout ??= out.take()
    if (this.#stdout === undefined) return
    const said = errors.take()
    if (said === undefined) return
    const [code] = /\d+$/.exec(said.toString('latin1'))
    this.#answer?.({ stdout: this.#stdout, stderr: said.subarray(0, -code.length), code: Number(code) })
    this.#answer = this.#stdout = undefined
  }
}

let resident
let turn = Promise.resolve()
parentPort.on('message', ({ stop, end, args, port, woken }) => {
  if (stop) return resident?.child.kill('SIGKILL')
  turn = turn.then(async () => {
    if (end) {
      resident?.child.stdio[3].end()
      return parentPort.close()
    }
    if (resident === undefined || resident.ended) resident = new Resident()
    port.postMessage(await resident.run(args))
    Atomics.store(woken, 0, 1)
    Atomics.notify(woken, 0)
  })
})
