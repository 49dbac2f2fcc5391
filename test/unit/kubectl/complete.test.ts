// Completion of `kubectl ksys`, as kubectl asks for it: the arguments so far, of which the last one is incomplete.
import { afterAll, beforeEach, expect, test } from 'vitest'
import { Cluster } from './cluster.js'

/** As kubeadm, EKS, GKE and OpenShift name them; no shell takes the last one as it is. */
const CONTEXTS = [
  'kubernetes-admin@kubernetes',
  'arn:aws:eks:eu-west-1:123456789012:cluster/shop',
  'gke_shop-prod_europe-west1_Main',
  'shop/api-example-com:6443/admin',
  '$(evil)',
]

const cluster = new Cluster()
afterAll(() => cluster.remove())
beforeEach(() => {
  cluster.reset(Buffer.alloc(0))
  cluster.answer([
    ['get nodes', 0, 'node/node-1\nnode/node-2\nnode/$(evil)\n', ''],
    ['get pods -n shop', 0, 'pod/web-0\npod/web-1\n', ''],
    ['get pods', 0, 'pod/db-0\n', ''],
    ['get namespaces', 0, 'namespace/bank\nnamespace/shop\n', ''],
    ['config get-contexts', 0, CONTEXTS.map((name) => `${name}\n`).join(''), ''],
  ])
})

const FILES = ':0'
const SPACE = ':4'
const NO_SPACE = ':6'

test('offers nodes first, and pods after pod/', () => {
  expect(cluster.complete('')).toEqual({ candidates: ['node-1', 'node-2', 'pod/'], directive: SPACE })
  expect(cluster.complete('node-2')).toEqual({ candidates: ['node-2'], directive: SPACE })
  expect(cluster.complete('po')).toEqual({ candidates: ['pod/'], directive: NO_SPACE })
  expect(cluster.complete('pod/')).toEqual({ candidates: ['pod/db-0'], directive: SPACE })
  expect(cluster.complete('-n', 'shop', 'pod/web')).toEqual({
    candidates: ['pod/web-0', 'pod/web-1'],
    directive: SPACE,
  })
})

test('queries the cluster that the arguments select', () => {
  cluster.complete('--context=far', '--kubeconfig', '/k', 'node')
  expect(cluster.calls.at(-1)).toEqual(expect.arrayContaining(['--context=far', '--kubeconfig=/k', 'get', 'nodes']))
})

test('offers the options of the plugin and those of ksys that apply to a node, with their values', () => {
  expect(cluster.complete('node-1', '--im').candidates).toEqual(['--image'])
  const options = cluster.complete('node-1', '--').candidates
  expect(options).toEqual(expect.arrayContaining(['--time-to-live', '--write', '--max-cpu']))
  // of this machine only
  expect(options).not.toContain('--read')
  expect(cluster.complete('-n', 's')).toEqual({ candidates: ['shop'], directive: SPACE })
  expect(cluster.complete('--context', '')).toEqual({ candidates: CONTEXTS.slice(0, -1), directive: SPACE })
  expect(cluster.complete('node-1', '-c', 'topconn')).toEqual({ candidates: ['topconns'], directive: SPACE })
  // the shell keeps what is before the value
  expect(cluster.complete('node-1', '--chisel=topconn').candidates).toEqual(['topconns'])
  expect(cluster.complete('node-1', '-w', '')).toEqual({ candidates: [], directive: FILES })
})

test('offers fields and events of a filter, and the UI with its views', () => {
  expect(cluster.complete('node-1', 'u').candidates).toContain('ui')
  expect(cluster.complete('node-1', 'proc.nam')).toEqual({ candidates: ['proc.name'], directive: NO_SPACE })
  expect(cluster.complete('node-1', 'evt.type=openat')).toEqual({
    candidates: ['evt.type=openat', 'evt.type=openat2'],
    directive: SPACE,
  })
  expect(cluster.complete('node-1', 'proc.name=x', 'and', 'evt.type', '=', 'openat2').candidates).toEqual(['openat2'])
  expect(cluster.complete('node-1', 'ui', '--view', 'connectio').candidates).toEqual(['connections'])
})

test('offers nothing where the cluster does not respond or arguments are invalid', () => {
  cluster.answer([['get nodes', 1, '', 'error: no connection\n']])
  expect(cluster.complete('')).toEqual({ candidates: ['pod/'], directive: NO_SPACE })
  expect(cluster.complete('node-1', '--', 'ls')).toEqual({ candidates: [], directive: SPACE })
})
