// Kubernetes pods and their resource usage.
import { USED_BY_THREADS, YIELDS } from './columns.js'
import { defineView, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'kubernetes_pods',
  name: 'K8s Pods',
  description:
    'Pods on this node with the CPU and memory they use and the bytes they transfer. Names are from the container runtime.',
  tips: ['Enter lists the containers of a pod.'],
  example: 'k8s.ns.name=kube-system',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'k8s.ns.name'],
  drillTo: 'containers',
  empty: 'No pod is running.',
  table: {
    keys: ['thread.tid'],
    groupBy: ['k8s.pod.id'],
    threads: true,
    threadFilter: 'k8s.pod.id exists',
    sort: { column: 0 },
    columns: [
      ...USED_BY_THREADS,
      { field: 'k8s.pod.ip', title: 'IP', width: 40, fits: true, yields: YIELDS.rare, doc: 'address of the pod' },
      { field: 'k8s.pod.id', title: 'ID', width: 36, yields: YIELDS.inside, doc: 'id of the pod' },
      { field: 'k8s.ns.name', title: 'NAMESPACE', width: 30, fits: true, names: true, doc: 'Kubernetes namespace' },
      { field: 'k8s.pod.name', title: 'NAME', doc: 'name of the pod' },
    ],
  },
})
