// The probes of a pod's container, from the annotation that kubectl apply stores.
import type { Probe } from '../model/container.js'
import { json, list, object, text } from './raw.js'

/** Probes that run a command. `applied`: the text of the annotation; labels identify the container of the pod. */
export function probes(
  applied: string | undefined,
  labels: Readonly<Record<string, string>>,
): { liveness: Probe | undefined; readiness: Probe | undefined } {
  const spec = object(object(json(applied ?? '')).spec)
  const containers = list(spec.containers ?? object(object(spec.template).spec).containers).map(object)
  const own = containers.find((c) => text(c.name) === labels['io.kubernetes.container.name'])
  return { liveness: command(own?.livenessProbe), readiness: command(own?.readinessProbe) }
}

function command(probe: unknown): Probe | undefined {
  const [exe, ...args] = list(object(object(probe).exec).command).map(text)
  return exe === undefined ? undefined : { exe, args }
}
