#!/usr/bin/env node
// Stands in for kubectl where no cluster is available: stores one pod in the folder KUBE, and responds as the files there specify.
// calls: one line of JSON for each call; pod.yaml: the created pod; answers.json: the output of calls with the given start
// and their exit codes; trace: what the ksys in the pod writes, until its input ends if `endless` exists,
// and not even then if `deaf` exists; messages: what it writes to standard error; rest: what it writes then; breaks: the connection breaks at the end.
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

const KUBE = process.env.KUBE
const at = (name) => `${KUBE}/${name}`
const words = process.argv.slice(2)
const line = words.join(' ')
appendFileSync(at('calls'), `${JSON.stringify(words)}\n`)

function end(code, stdout = '', stderr = '') {
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  process.exitCode = code
}

const pod = (status) => ({ metadata: { name: 'x', namespace: 'ksys' }, spec: { nodeName: 'node-1' }, status })
const RUNS = { phase: 'Running', containerStatuses: [{ state: { running: { startedAt: 'now' } } }] }
const answers = existsSync(at('answers.json')) ? JSON.parse(readFileSync(at('answers.json'), 'utf8')) : []
const answer = answers.find(([part]) => line.includes(part))

async function exec() {
  const endless = existsSync(at('endless'))
  const closed = new Promise((done) => process.stdin.on('end', done).resume())
  if (existsSync(at('messages'))) process.stderr.write(readFileSync(at('messages')))
  process.stdout.write(readFileSync(at('trace')), () => writeFileSync(at('written'), ''))
  if (endless) {
    await (existsSync(at('deaf')) ? new Promise((done) => setTimeout(done, 50_000)) : closed)
    if (existsSync(at('rest'))) process.stdout.write(readFileSync(at('rest')))
  }
  // nothing remains that would keep the process alive
  process.stdin.destroy()
  process.exitCode = existsSync(at('breaks')) ? 1 : 0
}

if (answer !== undefined) end(answer[1], answer[2], answer[3])
else if (words.includes('create')) {
  writeFileSync(at('pod.yaml'), readFileSync(0))
  end(0, JSON.stringify(pod({ phase: 'Pending' })))
} else if (words.includes('delete')) {
  rmSync(at('pod.yaml'), { force: true })
  end(0)
} else if (line.includes('get node')) end(0, 'node/node-1\n')
else if (line.includes('get pod')) end(0, JSON.stringify(pod(RUNS)))
else if (words.includes('exec')) await exec()
else end(1, '', `error: unknown command ${line}\n`)
