// Commands of ksys run one after the other in one process (many.mjs).
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const env = { ...process.env, TZ: 'UTC', TERM: 'dumb', COLUMNS: '200' }

type Answer = (output: string | Error) => void

let send: ((args: readonly string[], answer: Answer) => void) | undefined

/** What the command prints on standard output, whatever its exit code is. */
export function run(args: readonly string[]): Promise<string> {
  send ??= start()
  const ask = send
  return new Promise((resolve, reject) => ask(args, (o) => (typeof o === 'string' ? resolve(o) : reject(o))))
}

function start(): NonNullable<typeof send> {
  const files = ['./many.mjs', '../../.build/js/src/cli/main.js']
  const words = files.map((f) => fileURLToPath(new URL(f, import.meta.url)))
  const child = spawn(process.execPath, words, { env, stdio: 'pipe' })
  let errors = ''
  child.stderr.on('data', (text) => {
    errors = `${errors}${text}`.slice(-2000)
  })
  const waiting: Answer[] = []
  let pieces: Buffer[] = []
  child.stdout.on('data', (piece: Buffer) => {
    let rest = piece
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      waiting.shift()?.(Buffer.concat([...pieces, rest.subarray(0, end)]).toString('utf8'))
      pieces = []
      rest = rest.subarray(end + 1)
    }
    pieces.push(rest)
  })
  child.on('exit', (code) => {
    send = undefined
    for (const answer of waiting) answer(new Error(`ksys ended with ${code}: ${errors}`))
  })
  return (args, answer) => {
    waiting.push(answer)
    child.stdin.write(`${JSON.stringify(args)}\n`)
  }
}
