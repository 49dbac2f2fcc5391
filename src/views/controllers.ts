// What keeps pods of Kubernetes running, and what these use.
import { PODS, USED_BY_THREADS } from './columns.js'
import { defineView, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'kubernetes_controllers',
  name: 'K8s Controllers',
  description:
    'Deployments, stateful and daemon sets, jobs and cron jobs with pods on this node, and what these pods use. Inferred from the labels and names of pods: the API server is not asked.',
  tips: ['Enter shows the pods of one. Pods that nobody made but a person are not listed.'],
  example: 'k8s.ns.name=default',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'k8s.ns.name'],
  drillTo: 'kubernetes_pods',
  empty: 'No pod is running whose labels tell what made it.',
  table: {
    keys: ['thread.tid'],
    groupBy: ['k8s.ns.name', 'k8s.controller.kind', 'k8s.controller.name'],
    threads: true,
    threadFilter: 'k8s.controller.name exists',
    sort: { column: 0 },
    columns: [
      ...USED_BY_THREADS,
      PODS,
      { field: 'k8s.controller.kind', title: 'KIND', width: 11, fits: true, names: true, doc: 'what it is, inferred' },
      { field: 'k8s.ns.name', title: 'NAMESPACE', width: 30, fits: true, names: true, doc: 'where it belongs' },
      { field: 'k8s.controller.name', title: 'NAME', names: true, doc: 'its name, inferred' },
    ],
  },
})
