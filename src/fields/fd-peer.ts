// fd.peer.*: the other end of a connection, if it is a container or pod on this machine.
import type { ContainerInfo } from '../model/container.js'
import { HOST, type Peer } from '../state/peers.js'
import { label } from './container-of.js'
import { type FieldDef, field, stateOf } from './field.js'

const pod = (i: ContainerInfo | undefined, what: 'name' | 'namespace'): string | undefined =>
  (i && label(i.labels, `io.kubernetes.pod.${what}`)) || undefined

/** NAMESPACE/POD, or the name or id of the container. */
function peerName(p: Peer): string | undefined {
  if (p === HOST) return 'host'
  const name = pod(p.info, 'name')
  return name === undefined ? p.info?.name || p.id : `${pod(p.info, 'namespace') ?? ''}/${name}`
}

const peerField = (doc: string, get: (p: Peer) => string | undefined): FieldDef<string> =>
  field({
    type: 'string',
    doc,
    cost: 16,
    needs: ['container', 'peers'],
    make: (ctx) => {
      for (const state of ctx.states) state.knowPeers()
      return (e) => {
        const p = e.fd && stateOf(ctx, e).peers?.peerOf(e.fd, e.thread)
        return p && get(p)
      }
    },
  })

export const fields = {
  'fd.peer.name': peerField(
    "Other end of a connection, when it is on this machine: NAMESPACE/POD, the container's name, or host.",
    peerName,
  ),
  'fd.peer.container.id': peerField(
    'Id of the container at the other end of a connection; host outside of containers.',
    (p) => (p === HOST ? 'host' : p.id),
  ),
  'fd.peer.container.name': peerField(
    'Name of the container at the other end of a connection; host outside of containers.',
    (p) => (p === HOST ? 'host' : p.info?.name || undefined),
  ),
  'fd.peer.k8s.ns.name': peerField('Namespace of the pod at the other end of a connection.', (p) =>
    p === HOST ? undefined : pod(p.info, 'namespace'),
  ),
  'fd.peer.k8s.pod.name': peerField('Name of the pod at the other end of a connection.', (p) =>
    p === HOST ? undefined : pod(p.info, 'name'),
  ),
}
