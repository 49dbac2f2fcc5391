// `kubectl ksys`: captures on a node of a cluster as if it were this machine.
import { EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { say } from '../output/stderr.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { Kubectl } from './kubectl.js'
import { PLUGIN, parseAdvise, parseRequest } from './options.js'
import { placeOf } from './place.js'
import { KsysPod } from './pod.js'
import { split } from './split.js'
import { Stop, stream } from './stream.js'

/** Runs `kubectl ksys` with these arguments; returns the exit code. Rejects with CliError. */
export async function plugin(argv: readonly string[], out: Output): Promise<number> {
  const advised = parseAdvise(argv, process.env)
  if (advised === undefined) return printHelp(PLUGIN, out)
  if (advised !== 'other') return (await import('./advise.js')).adviseWorkload(advised)
  const request = parseRequest(argv, process.env)
  if (request === undefined) return printHelp(PLUGIN, out)
  const { globals, words } = request
  // report invalid arguments before the cluster is queried
  await split(words, undefined)
  const kubectl = new Kubectl(globals)
  const { node, pod } = await placeOf(request, kubectl)
  const parts = await split(words, pod)
  const ksysPod = new KsysPod(kubectl, node, request)
  const stop = new Stop()
  try {
    await ksysPod.create()
    await ksysPod.waitUntilRunning(() => stop.signals > 0)
    return stop.signals > 0 ? EXIT.ok : await stream(kubectl, ksysPod.reference, parts, stop, node)
  } finally {
    const failure = await ksysPod.remove()
    stop.release()
    if (failure !== undefined) say(`ksys: ${visible(failure)}\n`)
  }
}
