// Pods of Kubernetes and what they use.
import { USED_BY_THREADS, YIELDS } from './columns.js'
import { defineView, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'kubernetes_pods',
  name: 'K8s Pods',
  description:
    'Pods on this node with the CPU and memory they use and the bytes they move, as their runtime names them.',
  tips: ['Enter shows the containers of a pod.'],
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
      { field: 'k8s.pod.ip', title: 'IP', width: 40, fits: true, yields: YIELDS.rare, doc: 'its address' },
      { field: 'k8s.pod.id', title: 'ID', width: 36, yields: YIELDS.inside, doc: 'its id' },
      { field: 'k8s.ns.name', title: 'NAMESPACE', width: 30, fits: true, names: true, doc: 'where it belongs' },
      { field: 'k8s.pod.name', title: 'NAME', doc: 'its name' },
    ],
  },
})
