// The view of controllers of pods, from labels and names of pods.
import { expect, test } from 'vitest'
import { unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import controllers from '../../../src/views/controllers.js'
import type { RowSpec } from '../../helpers/rows.js'
import { shell, thread, World } from '../state/world.js'
import { rowsOf } from './rows-of.js'

/** Pods by name, each with its labels. */
const PODS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['shop-6d4cf56db6-abcde', { 'pod-template-hash': '6d4cf56db6' }],
  ['shop-6d4cf56db6-fghij', { 'pod-template-hash': '6d4cf56db6' }],
  ['proxy-x7k2p', { 'controller-revision-hash': '79c4d8b5f6', 'pod-template-generation': '1' }],
  ['db-0', { 'controller-revision-hash': 'db-5b8c9', 'statefulset.kubernetes.io/pod-name': 'db-0' }],
  ['backup-28612345-zxcvb', { 'batch.kubernetes.io/job-name': 'backup-28612345' }],
  ['import-qwert', { 'job-name': 'import' }],
  ['by-hand', {}],
]

test('pods are summed by deployment, set or job; standalone pods are not listed', () => {
  const ids = PODS.map((_, i) => `${i}`.repeat(64))
  const { threads, ...rest } = shell()
  const processes = ids.map((id, i) => thread(200 + i, { cgroups: [`cpu=/docker/${id}`], fds: [] }))
  const world = new World({ ...rest, threads: [...threads, ...processes] })
  const told = PODS.map(([name, podLabels], i): RowSpec => {
    const pod = {
      'io.kubernetes.pod.name': name,
      'io.kubernetes.pod.namespace': 'prod',
      'io.kubernetes.pod.uid': `u${i}`,
    }
    const json = containerJson({ ...unnamed(ids[i] as string, 'docker'), name, labels: pod, podLabels })
    return { tid: -1, pid: -1, type: 'container', params: { json } }
  })
  const rows = rowsOf(controllers, world, told).map((r) => [r.KIND, r.NAME, r.NAMESPACE, r.PODS])
  expect(rows.sort()).toEqual([
    ['CronJob', 'backup', 'prod', 1],
    ['DaemonSet', 'proxy', 'prod', 1],
    ['Deployment', 'shop', 'prod', 2],
    ['Job', 'import', 'prod', 1],
    ['StatefulSet', 'db', 'prod', 1],
  ])
})
