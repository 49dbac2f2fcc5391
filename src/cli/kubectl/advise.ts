// `kubectl ksys advise`: records the pods of a controller on all of their nodes, each in a trace on this machine, and runs
// `ksys advise seccomp` over the traces.
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { adviseQuery } from '../advise/query.js'
import { CliError, EXIT } from '../errors/exit.js'
import { ADVISE, adviseSettings } from '../options/advise.js'
import type { OptionDef } from '../options/table.js'
import { parseWords } from '../options/words.js'
import { say } from '../output/stderr.js'
import { visible } from '../output/visible.js'
import { printMessage } from '../run/report.js'
import { self } from '../self.js'
import { ended, Kubectl } from './kubectl.js'
import type { AdviseRequest } from './options.js'
import { KsysPod } from './pod.js'
import { printLines, Stop } from './stream.js'
import { podsOf } from './workload.js'

/** ms that the ksys on a node has to end in order */
const END_TIMEOUT = 5000
/** options that the ksys on the nodes gets; all others are for the ksys here */
const THERE: ReadonlySet<string> = new Set(['seconds', 'max-cpu', 'max-memory', 'max-calls'])

/** Returns the exit code. Rejects with CliError. */
export async function adviseWorkload(request: AdviseRequest): Promise<number> {
  const { there, here, quiet } = splitOptions(request.words)
  const kubectl = new Kubectl(request.globals)
  const { namespace, nodes, filter } = await podsOf(kubectl, request.target, request.namespace)
  const command = ['ksys', '--until-eof', '--write=-', `--only-namespace=${namespace}`, ...there, filter]
  const folder = mkdtempSync(join(tmpdir(), 'ksys-advise-'))
  const stop = new Stop()
  let keeps = false
  try {
    const files = nodes.map((_, i) => join(folder, `${i}.ksys`))
    const pods = nodes.map((node) => new KsysPod(kubectl, node, request))
    try {
      await Promise.all(pods.map((pod) => pod.create()))
      await Promise.all(pods.map((pod) => pod.waitUntilRunning(() => stop.signals > 0)))
      if (stop.signals === 0) {
        if (!quiet) printMessage(beginning(nodes))
        await record(kubectl, pods, files, command, nodes, stop)
      }
    } finally {
      for (const failure of await Promise.all(pods.map((pod) => pod.remove())))
        if (failure !== undefined) say(`ksys: ${visible(failure)}\n`)
    }
    const recorded = files.filter((file) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0)
    if (recorded.length === 0) throw new CliError(EXIT.unavailable, 'nothing was recorded on any node')
    const code = await advise([...recorded.map((file) => `--read=${file}`), ...here])
    keeps = code !== 0
    if (keeps)
      printMessage(`ksys: the traces are kept: ksys advise seccomp ${recorded.map((file) => `-r ${file}`).join(' ')}`)
    return code
  } finally {
    stop.release()
    if (!keeps) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Separates the options for the nodes. A filter is for the ksys here, which applies it to all that was recorded. Throws CliError (usage)
 * for options that do not apply here, and for an invalid filter.
 */
function splitOptions(words: readonly string[]): { there: string[]; here: string[]; quiet: boolean } {
  const [there, here]: [string[], string[]] = [[], []]
  const each = ({ long, value: takes }: OptionDef, value = '') =>
    (THERE.has(long) ? there : here).push(`--${long}${takes === undefined ? '' : `=${value}`}`)
  const { options, words: filter } = parseWords(ADVISE.options, words, { command: 'kubectl ksys advise', each })
  const { read, since, until, help, ...given } = options
  if ((read ?? since ?? until ?? help) !== undefined)
    throw new CliError(EXIT.usage, '-r, --since and --until read files: run ksys advise seccomp')
  // report invalid combinations before the cluster is queried
  adviseQuery(adviseSettings('seccomp', given, filter, undefined).capture)
  return { there, here: [...here, ...filter], quiet: given.quiet === true }
}

const beginning = (nodes: readonly string[]): string =>
  `ksys: recording on ${nodes.join(', ')} until Ctrl-C, or for -M SECONDS; restart the pods to record their start`

/** Writes the trace of each node into its file, until the captures end or a signal arrives. */
async function record(
  kubectl: Kubectl,
  pods: readonly KsysPod[],
  files: readonly string[],
  command: readonly string[],
  nodes: readonly string[],
  stop: Stop,
): Promise<void> {
  const captures = pods.map((pod) =>
    kubectl.start(['exec', '-i', ...pod.reference, '-c', 'ksys', '--', ...command], ['pipe', 'pipe', 'pipe']),
  )
  stop.onSignal = (signals) => {
    for (const capture of captures) finish(capture, signals > 1)
  }
  if (stop.signals > 0) stop.onSignal(stop.signals)
  const codes = await Promise.all(
    captures.map(async (capture, i) => {
      printLines(capture.stderr as Readable, new Set())
      capture.stdin?.on('error', () => {})
      const end = ended(capture)
      await pipeline(capture.stdout as Readable, createWriteStream(files[i] as string, { mode: 0o600 }))
      return end
    }),
  )
  for (const [i, code] of codes.entries())
    if (code !== 0 && stop.signals === 0)
      printMessage(`ksys: the capture on ${nodes[i]} ended with ${code}: its later events are missing`)
}

/** Ends a capture: closing its input ends it in order. */
function finish(capture: ChildProcess, atOnce: boolean): void {
  if (atOnce) capture.kill('SIGKILL')
  capture.stdin?.end()
  setTimeout(() => capture.kill('SIGKILL'), END_TIMEOUT).unref()
}

/** Runs `ksys advise seccomp` on this machine. */
function advise(words: readonly string[]): Promise<number> {
  const [file, first] = self()
  return ended(spawn(file, [...first, 'advise', 'seccomp', ...words], { stdio: 'inherit', argv0: 'ksys' }))
}
