// Where to capture: the named node, or that of the pod.
import { CliError, EXIT } from '../errors/exit.js'
import { firstLine, type Kubectl } from './kubectl.js'
import { podOf } from './objects.js'
import type { Request } from './options.js'

export interface Place {
  readonly node: string
  /** the pod whose calls are captured, with its namespace; undefined: all calls of the node */
  readonly pod: { readonly name: string; readonly namespace: string } | undefined
}

/** Queries the cluster. Throws CliError if the target is invalid. */
export async function placeOf({ target, namespace }: Request, kubectl: Kubectl): Promise<Place> {
  const { kind, name } = target
  if (kind === 'node') {
    await checkNode(name, kubectl)
    return { node: name, pod: undefined }
  }
  const where = namespace === undefined ? [] : ['-n', namespace]
  const pod = podOf(await kubectl.json(`pod ${name} cannot be looked up`, ['get', 'pod', name, ...where]))
  const refuse = (why: string) => new CliError(EXIT.unavailable, `pod ${name} ${why}`)
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') throw refuse(`has ended (${pod.phase})`)
  if (pod.node === undefined)
    throw refuse(`is not on a node yet${pod.why.reason === undefined ? '' : ` (${pod.why.reason})`}: retry later`)
  const inside = pod.namespace ?? namespace
  if (inside === undefined) throw refuse('has no namespace in the output of kubectl: name it with -n')
  return { node: pod.node, pod: { name, namespace: inside } }
}

/** Checks that the node exists, since a pod for a missing node would wait forever. Without permission to read nodes there is no check. */
async function checkNode(name: string, kubectl: Kubectl): Promise<void> {
  const { code, stderr } = await kubectl.run(['get', 'node', name, '-o', 'name'])
  if (code === 0 || /forbidden/i.test(stderr)) return
  throw new CliError(
    EXIT.unavailable,
    `node ${name} cannot be looked up: ${firstLine(stderr) || `kubectl exited with ${code}`}`,
  )
}
