// Which workload a thread belongs to: one for all replicas of a container, whatever pods, hosts and traces they are in.
import { controllerOf } from '../../fields/k8s.js'
import { type Container, podLabel } from '../../model/container.js'
import type { Thread } from '../../model/thread.js'
import type { State } from '../../state/state.js'
import type { WorkloadId } from './workload.js'

const COMPOSE = 'com.docker.compose.'
const SWARM = 'com.docker.swarm.service.name'

/** The workload of a container. */
export function containerWorkload(c: Container, state: State): WorkloadId {
  const { info } = c
  if (info === undefined) return of('id', c.id, `container ${c.id}`)
  const pod = podLabel(info, 'name')
  if (pod !== undefined) return ofPod(c, state, pod)
  const label = (key: string) => (Object.hasOwn(info.labels, key) && info.labels[key]) || undefined
  const service = label(`${COMPOSE}service`)
  if (service !== undefined)
    return of('compose', `${label(`${COMPOSE}project`) ?? ''}/${service}`, `service ${service}`)
  const swarm = label(SWARM)
  if (swarm !== undefined) return of('swarm', swarm, `service ${swarm}`)
  return info.name === '' ? of('id', c.id, `container ${c.id}`) : of('name', info.name, `container ${info.name}`)
}

function ofPod(c: Container, state: State, name: string): WorkloadId {
  const info = c.info as NonNullable<typeof c.info>
  const namespace = podLabel(info, 'namespace') ?? ''
  const container = podLabel(info, 'container.name') ?? info.name
  const controller = controllerOf(c, state)
  const owner = controller === undefined ? `Pod ${name}` : `${controller.kind} ${controller.name}`
  return {
    key: JSON.stringify(['pod', namespace, owner, container]),
    name: `${controller?.name ?? name}-${container}`,
    kind: 'container',
    what: `container ${container} of ${owner} in namespace ${namespace}`,
    pod: { namespace, controller: controller && `${controller.kind.toLowerCase()}/${controller.name}`, container },
  }
}

function of(kind: string, name: string, what: string): WorkloadId {
  const short = name.slice(name.lastIndexOf('/') + 1)
  return { key: JSON.stringify([kind, name]), name: short, kind: 'container', what, pod: undefined }
}

const UNIT = /\/([^/]+\.(?:service|scope|socket|mount))(?:\/|$)/

/** All other processes outside of containers that a filter selects. It gets the name of the program if there is only one. */
const SELECTED: WorkloadId = { key: JSON.stringify(['host']), name: '', kind: 'host', what: '', pod: undefined }

/** The workload of a process outside of containers: its systemd unit, or all that are selected. command: of -- CMD, which owns all of them. */
export function hostWorkload(t: Thread, command: string | undefined): WorkloadId {
  const unit =
    command === undefined ? t.cgroups.map((path) => UNIT.exec(path)?.[1]).find((u) => u !== undefined) : undefined
  const service = unit?.endsWith('.service') === true ? unit : undefined
  const name = service ?? command
  if (name === undefined) return SELECTED
  const what = service !== undefined ? `unit ${name}` : `command ${name}`
  return { key: JSON.stringify(['host', name]), name, kind: 'host', what, pod: undefined }
}
